package net.voltlane.systemtest.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import net.voltlane.backend.BackendOptions;
import net.voltlane.backend.ClientInfo;
import net.voltlane.backend.Handler;
import net.voltlane.backend.Session;
import net.voltlane.backend.VoltlaneBackend;
import net.voltlane.client.ClientBuilder;
import net.voltlane.client.ClientException;
import net.voltlane.client.ClientTls;
import net.voltlane.client.CloseReason;
import net.voltlane.client.Protocol;
import net.voltlane.client.SessionState;
import net.voltlane.client.VoltlaneClient;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.Direction;
import net.voltlane.testkit.FaultRelay;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.Seeds;
import net.voltlane.testkit.certificates.TestAuthority;
import net.voltlane.testkit.certificates.TestCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client SDK over all transports, with the real server and the backend SDK. Links are cut at random places. */
@Timeout(120)
@ExtendWith(LeakCheck.class)
final class TransportsTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int CUTS = 25;
    /** Each round cuts a link at rest, and most rounds one in the middle of the traffic as well. */
    private static final int FEWEST_CUTS = CUTS * 3 / 2;

    private final TestAuthority authority = TestAuthority.create("authority");
    private final List<String> transports = new CopyOnWriteArrayList<>();
    private final Map<String, FaultRelay> relays = new LinkedHashMap<>();

    @TempDir
    Path folder;

    private ClientTls trust;
    private VoltlaneBackend backend;
    private VoltlaneServer server;
    private VoltlaneServer secureWeb;

    /** Echoes, and kicks who asks for it. */
    private final class Echo implements Handler {

        @Override
        public void opened(Session session, ClientInfo client) {
            transports.add(client.transport());
        }

        @Override
        public void data(Session session, byte[] data) {
            if (Bytes.number(data) == -1) {
                session.kick("enough");
            } else {
                session.send(data);
            }
        }
    }

    @BeforeEach
    void start() throws Exception {
        TestCertificate.Pair files = authority.server("127.0.0.1").write(folder, "server");
        trust = ClientTls.system().withAuthorities(authority.write(folder, "ca"));
        backend = VoltlaneBackend.listen(new InetSocketAddress("127.0.0.1", 0), new Echo(), BackendOptions.DEFAULT);
        Address any = new Address("127.0.0.1", 0);
        ServerConfig defaults = ServerConfig.defaults();
        ServerConfig config = defaults.withMaster(defaults.master()
                        .withProtocol(3)
                        .withAddress(new Address("127.0.0.1", backend.address().getPort())))
                .withTls(defaults.tls()
                        .withCertificate(files.chain().toString())
                        .withKey(files.key().toString()));
        server = VoltlaneServer.start(config.withListener(
                        config.listener().withAddress(any).withThreads(1).withKeyFile(""))
                .withTls(config.tls().withAddress(any))
                .withWebSocket(config.webSocket().withAddress(any)));
        secureWeb = VoltlaneServer.start(config.withListener(
                        config.listener().withoutAddress().withThreads(1).withKeyFile(""))
                .withWebSocket(config.webSocket().withAddress(any).withTls(true)));
        server.listening().toCompletableFuture().get(20, TimeUnit.SECONDS);
        secureWeb.listening().toCompletableFuture().get(20, TimeUnit.SECONDS);
        relays.put("tcp", FaultRelay.to((InetSocketAddress) server.addresses().get("listener")));
        relays.put("tls", FaultRelay.to((InetSocketAddress) server.addresses().get("tls")));
        relays.put("ws", FaultRelay.to((InetSocketAddress) server.addresses().get("websocket")));
        relays.put(
                "wss", FaultRelay.to((InetSocketAddress) secureWeb.addresses().get("websocket")));
    }

    @AfterEach
    void stop() {
        relays.values().forEach(FaultRelay::close);
        for (VoltlaneServer each : List.of(server, secureWeb)) {
            each.stop();
            each.ended().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
        }
        backend.close();
    }

    private ClientBuilder client(String transport, Protocol protocol) {
        return VoltlaneClient.builder(transport + "://127.0.0.1:"
                        + relays.get(transport).address().getPort())
                .tls(trust)
                .protocol(protocol)
                .closeTimeout(LONG)
                .backoff(Duration.ofMillis(1), Duration.ofMillis(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "tls", "ws", "wss"})
    void nothingIsLostNorTwiceWhereverALinkIsCut(String transport) {
        Seeds.run(seed -> {
            Random random = new Random(seed);
            FaultRelay relay = relays.get(transport);
            try (VoltlaneClient client = client(transport, Protocol.V3).connect()) {
                long id = client.sessionId();
                int links = relay.links();
                int sent = 0;
                int received = 0;
                for (int cut = 0; cut < CUTS; cut++) {
                    relay.cutAfter(random.nextBoolean() ? Direction.OUT : Direction.BACK, 1 + random.nextInt(8_000));
                    relay.cut();
                    for (int i = 0; i < 10; i++) {
                        client.send(Bytes.numbered(sent, size(sent)));
                        sent++;
                    }
                    while (received < sent) {
                        assertThat(client.receive(LONG)).isEqualTo(Bytes.numbered(received, size(received)));
                        received++;
                    }
                }
                assertThat(client.sessionId()).isEqualTo(id);
                assertThat(client.discardedPackets()).isZero();
                assertThat(relay.links() - links)
                        .as("links in place of those that were cut")
                        .isGreaterThan(FEWEST_CUTS);
                relay.cutAfter(Direction.OUT, Long.MAX_VALUE);
                relay.cutAfter(Direction.BACK, Long.MAX_VALUE);
            }
            assertThat(transports).containsOnly(transport);
        });
    }

    private static int size(int number) {
        return 4 + number * 131 % 1_500;
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "tls", "ws", "wss"})
    void bothVersionsCarryPacketsOfAllSizes(String transport) throws Exception {
        for (Protocol protocol : List.of(Protocol.V2, Protocol.V3)) {
            try (VoltlaneClient client = client(transport, protocol).connect()) {
                int[] sizes = {4, 125, 126, 65_535, 65_536, 1_000_000, 5};
                for (int i = 0; i < sizes.length; i++) {
                    client.send(Bytes.numbered(i, sizes[i]));
                }
                for (int i = 0; i < sizes.length; i++) {
                    assertThat(client.receive(LONG)).isEqualTo(Bytes.numbered(i, sizes[i]));
                }
                assertThat(client.protocol()).isEqualTo(protocol);
            }
        }
    }

    /** In version 2 only a WebSocket can say why it ends. */
    @ParameterizedTest
    @ValueSource(strings = {"tcp", "tls", "ws", "wss"})
    void aKickIsTold(String transport) throws Exception {
        boolean isWebSocket = transport.startsWith("ws");
        for (Protocol protocol : List.of(Protocol.V2, Protocol.V3)) {
            try (VoltlaneClient client = client(transport, protocol).connect()) {
                client.send(Bytes.numbered(-1, 4));
                CloseReason expected =
                        protocol == Protocol.V2 && !isWebSocket ? CloseReason.SESSION_GONE : CloseReason.KICKED;
                assertThatThrownBy(() -> client.receive(LONG))
                        .isInstanceOfSatisfying(
                                ClientException.class,
                                e -> assertThat(e.reason()).as(e.toString()).isEqualTo(expected));
            }
        }
    }

    /** Over a WebSocket such a server refuses the request, over TCP it closes the link. */
    @Test
    void aServerThatServesVersion2AloneGetsIt() throws Exception {
        ServerConfig config = ServerConfig.defaults();
        VoltlaneServer old = VoltlaneServer.start(config.withListener(
                        config.listener().withoutAddress().withThreads(1).withKeyFile(""))
                .withClients(config.clients().withVersions(List.of(2)))
                .withWebSocket(config.webSocket().withAddress(new Address("127.0.0.1", 0)))
                .withMaster(config.master()
                        .withProtocol(3)
                        .withAddress(new Address("127.0.0.1", backend.address().getPort()))));
        try {
            InetSocketAddress address = old.listening().toCompletableFuture().get(20, TimeUnit.SECONDS);
            try (VoltlaneClient client = VoltlaneClient.connect("ws://127.0.0.1:" + address.getPort() + "/")) {
                client.send(Bytes.numbered(1, 10));
                assertThat(client.receive(LONG)).isEqualTo(Bytes.numbered(1, 10));
                assertThat(client.protocol()).isEqualTo(Protocol.V2);
            }
        } finally {
            old.stop();
            old.ended().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
        }
    }

    /** A session moves between transports of its server, with packets that nobody has acknowledged. */
    @Test
    void aSessionGoesOnOverAnotherTransport() throws Exception {
        SessionState state = null;
        long id = 0;
        int number = 0;
        for (String transport : List.of("tls", "ws", "tcp", "ws", "tls")) {
            ClientBuilder builder = client(transport, Protocol.V3);
            VoltlaneClient client = (state == null ? builder : builder.importState(state)).connect();
            id = id == 0 ? client.sessionId() : id;
            assertThat(client.sessionId()).isEqualTo(id);
            if (state != null) {
                assertThat(client.receive(LONG)).isEqualTo(Bytes.numbered(number - 1, 60));
            }
            client.send(Bytes.numbered(number++, 60));
            assertThat(client.receive(LONG)).isEqualTo(Bytes.numbered(number - 1, 60));
            client.send(Bytes.numbered(number++, 60));
            state = client.closeAndExport(true);
        }
        assertThat(transports).containsExactly("tls");
    }
}
