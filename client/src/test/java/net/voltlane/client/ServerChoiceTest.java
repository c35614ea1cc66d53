package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The choice of the server that is dialled, of several. */
class ServerChoiceTest {
    private static final long LONG_NANOS = 20_000_000_000L;
    private static final ServerAddress A = ServerAddress.parse("a:1");
    private static final ServerAddress B = ServerAddress.parse("b:2");

    private final ServerChoice choice = new ServerChoice(List.of(A, B));

    @Test
    void aServerThatFailsGivesWayToTheNext() {
        assertThat(choice.now()).isEqualTo(A);
        choice.failed(A);
        assertThat(choice.now()).isEqualTo(B);
        choice.failed(B);
        assertThat(choice.now()).isEqualTo(A);
    }

    @Test
    void aFailureThatIsToldTwiceCountsOnce() {
        choice.failed(A);
        choice.failed(A);
        assertThat(choice.now()).isEqualTo(B);
    }

    @Test
    void aServerThatIsNamedComesFirstUntilItFails() {
        choice.leave("[::1]:9");
        assertThat(choice.now()).isEqualTo(ServerAddress.parse("[::1]:9"));
        assertThat(choice.size()).isEqualTo(3);

        choice.failed(choice.now());
        assertThat(choice.now()).isEqualTo(B);
        assertThat(choice.size()).isEqualTo(2);
    }

    @Test
    void whatIsNamedIsDialledOverTheSameTransport() {
        ServerChoice web = new ServerChoice(List.of(ServerAddress.parse("wss://a/chat")));
        web.leave("b:443");
        assertThat(web.now()).hasToString("wss://b:443/chat");

        ServerChoice unix = new ServerChoice(List.of(ServerAddress.parse("unix:/run/a.sock"), B));
        unix.leave("c:1");
        assertThat(unix.now()).isEqualTo(B);
    }

    @Test
    void aNewSessionIsNotOpenedAtAServerThatWasOnlyNamed() throws Exception {
        try (ScriptedServer known = ScriptedServer.of(peer -> {
                    peer.open(1);
                    peer.stall();
                });
                ScriptedServer named = ScriptedServer.of(Peer::stall)) {
            ServerAddress address = new ServerAddress("127.0.0.1", known.port());
            Connector connector = new Connector(
                    address,
                    host -> List.of(InetAddress.getByName(host)),
                    new Options.Timeouts(LONG_NANOS, LONG_NANOS, LONG_NANOS, LONG_NANOS),
                    ScriptedServer.RANDOM);
            connector.leave("127.0.0.1:" + named.port());

            connector.open(null, link -> {}).link().close();

            assertThat(known.links()).isEqualTo(1);
            assertThat(named.links()).isZero();
        }
    }

    @Test
    void whatIsNoAddressCountsAsNone() {
        choice.leave("not an address");
        assertThat(choice.now()).isEqualTo(B);
        choice.leave("");
        assertThat(choice.now()).isEqualTo(A);
    }

    @Test
    void aSingleServerIsDialledAgain() {
        ServerChoice one = new ServerChoice(List.of(A));
        one.failed(A);
        one.leave("");
        assertThat(one.now()).isEqualTo(A);
        assertThat(one.size()).isEqualTo(1);
    }
}
