package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Flag;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.Direction;
import net.voltlane.testkit.FaultRelay;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.Seeds;
import net.voltlane.testkit.UnixBridge;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests of a client over TLS and WebSockets, against the project's own server behind a strict gateway. */
@Timeout(120)
@ExtendWith({LeakCheck.class, ThreadsLeft.class})
final class TransportsTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    /** The server, the gateway, and a relay between gateway and clients. */
    private record Path(OwnServer server, Gateway gateway, FaultRelay relay, Scheme scheme) implements AutoCloseable {

        static Path of(Scheme scheme) throws Exception {
            OwnServer server = OwnServer.start();
            InetSocketAddress address =
                    server.server().listening().toCompletableFuture().get(20, TimeUnit.SECONDS);
            Gateway gateway = Gateway.to(address.getPort(), scheme);
            FaultRelay relay = FaultRelay.to(new InetSocketAddress("127.0.0.1", gateway.port()));
            return new Path(server, gateway, relay, scheme);
        }

        ClientBuilder client(Protocol protocol) {
            String path = scheme.isWebSocket() ? "/path?x=1" : "";
            return VoltlaneClient.builder(
                            scheme.text() + "://127.0.0.1:" + relay.address().getPort() + path)
                    .tls(Gateway.trust())
                    .protocol(protocol)
                    .handshakeTimeout(Duration.ofSeconds(60)) // the first one loads TLS, perhaps on a busy machine
                    .backoff(Duration.ofMillis(1), Duration.ofMillis(20));
        }

        @Override
        public void close() throws IOException {
            relay.close();
            gateway.close();
            server.close();
        }
    }

    static Stream<Arguments> transports() {
        return Stream.of(Scheme.TLS, Scheme.WS, Scheme.WSS)
                .flatMap(scheme -> Stream.of(Arguments.of(scheme, Protocol.V2), Arguments.of(scheme, Protocol.V3)));
    }

    @ParameterizedTest
    @MethodSource("transports")
    void packetsOfAllSizesComeBackInOrder(Scheme scheme, Protocol protocol) throws Exception {
        Random random = new Random(1);
        List<byte[]> packets = Stream.of(1, 121, 125, 126, 127, 0, 16_383, 16_384, 16_385, 65_535, 65_536, 300_000, 5)
                .map(size -> {
                    byte[] packet = new byte[size];
                    random.nextBytes(packet);
                    return packet;
                })
                .toList();
        try (Path path = Path.of(scheme);
                VoltlaneClient client = path.client(protocol).connect()) {
            path.server().master().echo(true);
            for (int pieceBytes : new int[] {0, 1_000}) {
                path.gateway().pieceBytes = pieceBytes;
                for (byte[] packet : packets) {
                    client.send(packet);
                }
                for (byte[] packet : packets) {
                    assertThat(client.receive(LONG)).isEqualTo(packet);
                }
            }
            assertThat(client.protocol()).isEqualTo(protocol);
            if (scheme.isWebSocket()) {
                client.send(new byte[1]); // a ping may still wait for its answer, which goes out before
                client.receive(LONG);
                assertThat(path.gateway().pongs).hasPositiveValue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS", "WS", "WSS"})
    void manySmallPacketsInBothDirectionsComeBackInOrder(Scheme scheme) throws Exception {
        int count = 20_000;
        try (Path path = Path.of(scheme);
                VoltlaneClient client = path.client(Protocol.V2).connect()) {
            path.server().master().echo(true);
            Thread sender = new Thread(() -> {
                try {
                    for (int i = 0; i < count; i++) {
                        client.send(Bytes.numbered(i, 4 + i % 30));
                    }
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            sender.start();
            for (int i = 0; i < count; i++) {
                assertThat(client.receive(LONG)).isEqualTo(Bytes.numbered(i, 4 + i % 30));
            }
            sender.join();
        }
    }

    /** The client's close sends what waits, also in version 2. */
    @ParameterizedTest
    @MethodSource("transports")
    void aCloseDeliversWhatWaits(Scheme scheme, Protocol protocol) throws Exception {
        try (Path path = Path.of(scheme)) {
            long id;
            try (VoltlaneClient client = path.client(protocol).connect()) {
                id = client.sessionId();
                for (int i = 0; i < 500; i++) {
                    client.send(Bytes.numbered(i, 1_000));
                }
            }
            for (int i = 0; i < 500; i++) {
                assertThat(path.server().master().nextFor(id).data()).isEqualTo(Bytes.numbered(i, 1_000));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS", "WS", "WSS"})
    void nothingIsLostNorTwiceWhenLinksAreCutAnywhere(Scheme scheme) {
        Seeds.run(seed -> cutAnywhere(scheme, new Random(seed)));
    }

    private static void cutAnywhere(Scheme scheme, Random random) throws Exception {
        try (Path path = Path.of(scheme);
                VoltlaneClient client = path.client(Protocol.V3).connect()) {
            path.server().master().echo(true);
            path.gateway().pieceBytes = 700;
            long id = client.sessionId();
            int sent = 0;
            int received = 0;
            for (int cut = 0; cut < 15; cut++) {
                Direction direction = random.nextBoolean() ? Direction.OUT : Direction.BACK;
                path.relay().cutAfter(direction, 1 + random.nextInt(6_000));
                path.relay().cut();
                for (int i = 0; i < 6; i++) {
                    client.send(Bytes.numbered(sent, 4 + (sent * 131) % 2_000));
                    sent++;
                }
                while (received < sent) {
                    assertThat(client.receive(LONG)).isEqualTo(Bytes.numbered(received, 4 + (received * 131) % 2_000));
                    received++;
                }
            }
            assertThat(client.sessionId()).isEqualTo(id);
            assertThat(client.discardedPackets()).isZero();
        }
    }

    /** A packet of version 2 that the socket took in part goes again, whole; one that it took whole does not. */
    @ParameterizedTest
    @EnumSource(names = {"TLS", "WS", "WSS"})
    void aFrameThatIsCutComesOnceAtMost(Scheme scheme) throws Exception {
        Recorder events = new Recorder();
        try (Path path = Path.of(scheme);
                VoltlaneClient client =
                        path.client(Protocol.V2).listener(events).connect()) {
            long id = client.sessionId();
            client.send(Bytes.numbered(0, 20));
            path.server().master().dataOf(id);
            for (int bytes = 1; bytes <= 60; bytes += 3) {
                path.relay().cutAfter(Direction.OUT, bytes);
                client.send(Bytes.numbered(bytes, 20));
                if (bytes < 27) { // a frame of 26 bytes fits into one of TCP, but with a cut behind it
                    events.until("resumed");
                } else {
                    path.relay().cut();
                    events.until("resumed");
                }
                client.send(Bytes.numbered(-bytes, 20));
                assertThatItCame(path.server(), id, Bytes.numbered(bytes, 20), Bytes.numbered(-bytes, 20));
            }
        }
    }

    private static void assertThatItCame(OwnServer server, long id, byte[] frame, byte[] after) {
        boolean came = false;
        while (true) {
            FirehosePacket packet = server.master().nextFor(id);
            if (packet.flag() == Flag.RECONNECTION) {
                continue;
            }
            if (Arrays.equals(packet.data(), after)) {
                return;
            }
            assertThat(packet.data()).isEqualTo(frame);
            assertThat(came).isFalse();
            came = true;
        }
    }

    @Test
    void aSessionGoesFromOneTransportToAnother(@TempDir java.nio.file.Path folder) throws Exception {
        java.nio.file.Path socket = folder.resolve("voltlane.sock");
        SessionState state = null;
        int number = 0;
        try (Path tls = Path.of(Scheme.TLS);
                Gateway ws = Gateway.to(tls.server().relay().address().getPort(), Scheme.WS);
                Gateway wss = Gateway.to(tls.server().relay().address().getPort(), Scheme.WSS);
                UnixBridge unix = UnixBridge.toTcp(socket, tls.server().relay().address())) {
            assertThat(unix.address()).isNotNull();
            tls.server().master().echo(true);
            List<String> addresses = List.of(
                    "tls://127.0.0.1:" + tls.gateway().port(),
                    "ws://127.0.0.1:" + ws.port() + "/path?x=1",
                    "unix:" + socket,
                    tls.server().address(),
                    "unix:" + socket,
                    "wss://127.0.0.1:" + wss.port() + "/path?x=1",
                    "tls://127.0.0.1:" + tls.gateway().port());
            long id = 0;
            for (String address : addresses) {
                ClientBuilder builder =
                        VoltlaneClient.builder(address).tls(Gateway.trust()).protocol(Protocol.V3);
                VoltlaneClient client = (state == null ? builder : builder.importState(state)).connect();
                id = id == 0 ? client.sessionId() : id;
                assertThat(client.sessionId()).isEqualTo(id);
                client.send(Bytes.numbered(number, 50));
                assertThat(client.receive(LONG)).isEqualTo(Bytes.numbered(number++, 50));
                client.send(Bytes.numbered(number, 50));
                state = client.closeAndExport(true);
                number++;
                if (address != addresses.get(addresses.size() - 1)) {
                    number--; // its echo is the first that the next one receives
                    VoltlaneClient next = VoltlaneClient.builder(tls.server().address())
                            .protocol(Protocol.V3)
                            .importState(state)
                            .connect();
                    assertThat(next.receive(LONG)).isEqualTo(Bytes.numbered(number++, 50));
                    state = next.closeAndExport(true);
                }
            }
        }
    }
}
