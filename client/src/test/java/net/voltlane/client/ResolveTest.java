package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.Ports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests of names that have several addresses, or whose addresses change. */
@Timeout(60)
@ExtendWith({ThreadsLeft.class, SocketsLeft.class})
final class ResolveTest {
    private static final String NAME = "game.example";

    private final Recorder events = new Recorder();

    private static InetAddress at(String address) throws UnknownHostException {
        return InetAddress.getByName(address);
    }

    private ClientBuilder client(int port, HostResolver resolver) {
        return VoltlaneClient.builder(NAME, port)
                .protocol(Protocol.V2)
                .resolver(resolver)
                .listener(events)
                .backoff(Duration.ofMillis(1), Duration.ofMillis(20));
    }

    private static void opensAndStalls(Peer peer) throws IOException {
        peer.open(1);
        peer.stall();
    }

    /** The name is looked up before each dial, and its current address is dialled, not the one before. */
    @Test
    void aServerThatMovedToAnotherAddressIsFound() throws Exception {
        int port;
        AtomicInteger lookUps = new AtomicInteger();
        try (ScriptedServer second = ScriptedServer.at(at("127.0.0.1"), 0, ResolveTest::opensAndStalls)) {
            port = second.port();
            List<InetAddress> now = new ArrayList<>(List.of(at("127.0.0.2")));
            HostResolver resolver = host -> {
                assertThat(host).isEqualTo(NAME);
                lookUps.incrementAndGet();
                return List.copyOf(now);
            };
            Peer.Session[] session = new Peer.Session[1];
            ScriptedServer first = ScriptedServer.at(at("127.0.0.2"), port, peer -> {
                session[0] = peer.open(1);
                peer.receive();
                peer.reset();
            });
            second.script(first.keys, peer -> {
                peer.resume(session[0]);
                peer.data(peer.receive());
                peer.stall();
            });
            try (first;
                    VoltlaneClient client = client(port, resolver).connect()) {
                now.set(0, at("127.0.0.1"));
                client.send(Bytes.utf8("x"));
                events.until("resumed");
                client.send(Bytes.utf8("y"));
                assertThat(client.receive(Duration.ofSeconds(20))).isEqualTo(Bytes.utf8("y"));
            }
        }
        assertThat(lookUps).hasValueGreaterThanOrEqualTo(2);
    }

    @Test
    void ifOneAddressRefusesTheNextIsDialled() throws Exception {
        try (ScriptedServer server = ScriptedServer.at(at("127.0.0.1"), 0, ResolveTest::opensAndStalls);
                VoltlaneClient client = client(
                                server.port(), host -> List.of(at("127.0.0.2"), at("127.0.0.3"), at("127.0.0.1")))
                        .connect()) {
            assertThat(client.isConnected()).isTrue();
        }
    }

    /**
     * The kernel drops connection attempts to a listener whose queue is full, which looks like an address that does not
     * answer.
     */
    @Test
    void ifOneAddressDoesNotAnswerTheNextIsDialledMeanwhile() throws Exception {
        List<SocketChannel> fillers = new ArrayList<>();
        try (ServerSocket mute = new ServerSocket(0, 1, at("127.0.0.2"));
                ScriptedServer server =
                        ScriptedServer.at(at("127.0.0.1"), mute.getLocalPort(), ResolveTest::opensAndStalls)) {
            for (int i = 0; i < 4; i++) {
                SocketChannel filler = SocketChannel.open();
                fillers.add(filler);
                filler.configureBlocking(false);
                filler.connect(mute.getLocalSocketAddress());
            }
            long start = System.nanoTime();
            try (VoltlaneClient client = client(server.port(), host -> List.of(at("127.0.0.2"), at("127.0.0.1")))
                    .connectTimeout(Duration.ofSeconds(50))
                    .connect()) {
                assertThat(client.isConnected()).isTrue();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(25));
        } finally {
            for (SocketChannel filler : fillers) {
                filler.close();
            }
        }
    }

    @Test
    void localhostIsReachedWhereTheServerListensOnIpv6Alone() throws Exception {
        ScriptedServer listening;
        try {
            listening = ScriptedServer.at(at("::1"), 0, ResolveTest::opensAndStalls);
        } catch (IOException none) {
            assumeTrue(false, "needs IPv6 on the loopback interface: " + none.getMessage());
            return;
        }
        try (ScriptedServer server = listening;
                VoltlaneClient client = client(server.port(), host -> List.of(at("127.0.0.1"), at("::1")))
                        .connect()) {
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void anAddressBehindWhichThereIsSomethingElseIsDialledLastTheNextTime() throws Exception {
        try (ScriptedServer server = ScriptedServer.at(at("127.0.0.1"), 0, peer -> {
                    peer.open(1);
                    peer.stall();
                });
                ScriptedServer other = ScriptedServer.at(at("127.0.0.2"), server.port(), peer -> {
                    peer.raw(Bytes.utf8("HTTP/1.1 400 Bad Request\r\n\r\n"));
                    peer.stall();
                })) {
            Connector connector = new Connector(
                    new ServerAddress(NAME, server.port()),
                    host -> List.of(at("127.0.0.2"), at("127.0.0.1")),
                    new Options.Timeouts(5_000_000_000L, 5_000_000_000L, 1, 5_000_000_000L),
                    ScriptedServer.RANDOM);
            assertThatThrownBy(() -> connector.open(null, link -> {})).isInstanceOf(ProtocolViolationException.class);
            for (int i = 0; i < 3; i++) {
                connector.open(null, link -> {}).link().close();
            }
            assertThat(other.links()).isEqualTo(1);
        }
    }

    @Test
    void aNameWithoutAnAddressAndALookUpThatFailsAreSaidPlainly() {
        int port = Ports.free();
        assertThatThrownBy(() -> client(port, host -> List.of()).connect())
                .isInstanceOf(UnreachableException.class)
                .hasMessage("no address is known for game.example");
        assertThatThrownBy(() -> client(port, host -> {
                            throw new IOException("no such luck");
                        })
                        .connect())
                .isInstanceOf(UnreachableException.class)
                .hasMessage("no address is known for game.example: no such luck");
    }

    /** A JVM without IPv6 can't dial an IPv6 address, and does not report that as an {@link IOException}. */
    @Test
    void whereThereIsNoIpv6AnAddressOfItIsOneThatCanNotBeReached() throws Exception {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.net.preferIPv4Stack=true",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath,
                        WithoutIpv6.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(said).endsWith("all held\n");
    }

    @Test
    void aDialThatIsAbandonedEndsAtOnce() throws Exception {
        Dial dial = new Dial(List.of(new InetSocketAddress(at("127.0.0.1"), Ports.free())), Long.MAX_VALUE);
        dial.abandon();
        assertThatThrownBy(dial::run).isInstanceOf(IOException.class);
    }
}
