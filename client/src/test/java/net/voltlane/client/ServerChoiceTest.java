package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The choice of the server that is dialled, of several. */
class ServerChoiceTest {
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
