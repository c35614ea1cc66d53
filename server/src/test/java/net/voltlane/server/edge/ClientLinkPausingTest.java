package net.voltlane.server.edge;

import static net.voltlane.server.link.Bufs.frame;
import static net.voltlane.server.link.Bufs.payload;
import static net.voltlane.testkit.Bytes.concat;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import net.voltlane.server.metrics.Metric;
import org.junit.jupiter.api.Test;

/** Clients that are not read while the master or the session loop is behind. */
final class ClientLinkPausingTest extends ClientLinkCase {
    private static final int SMALL_READ_BYTES = 512;

    @Test
    void aShutGateStopsEachClientAfterOneSmallReadAndAnOpenOneLetsAllOfItCome() {
        EdgeClient client = harness.open();
        EdgeClient idle = harness.open();
        harness.gate.shut();
        byte[] all = concat(IntStream.range(0, 1000).mapToObj(i -> frame(i, 16)).toArray(byte[][]::new));
        client.send(all);
        assertThat(client.channel.unreadBytes()).isGreaterThanOrEqualTo(all.length - 512);
        assertThat(client.channel.config().isAutoRead()).isFalse();
        client.send(frame(1000, 16));
        assertThat(client.channel.unreadBytes()).isGreaterThan(all.length - 512);
        assertThat(idle.channel.config().isAutoRead())
                .as("who sends nothing is not stopped")
                .isTrue();

        harness.gate.open();
        harness.run();
        assertThat(client.channel.unreadBytes()).isZero();
        List<byte[]> heard = harness.master.dataOf(client.id);
        assertThat(heard).hasSize(1001);
        for (int i = 0; i < heard.size(); i++) {
            assertThat(heard.get(i)).isEqualTo(payload(i, 16));
        }
    }

    @Test
    void clientsWaitForASessionLoopThatIsBehind() {
        EdgeClient client = harness.open();
        int count = 100;
        byte[] all =
                concat(IntStream.range(0, count).mapToObj(i -> frame(i, 60_000)).toArray(byte[][]::new));
        client.channel.receives(all);
        harness.clientLoop.run(); // and not the session loop
        int unread = client.channel.unreadBytes();
        assertThat(all.length - unread).isBetween(4 * 1024 * 1024, 5 * 1024 * 1024);
        harness.gate.shut();
        harness.gate.open();
        harness.clientLoop.run();
        assertThat(client.channel.unreadBytes())
                .as("an open gate is not enough")
                .isEqualTo(unread);
        harness.run();
        assertThat(client.channel.unreadBytes()).isZero();
        assertThat(harness.master.dataOf(client.id)).hasSize(count);
    }

    @Test
    void clientsGoOnOnceTheSessionLoopHasCaughtUp() {
        EdgeClient client = harness.open();
        byte[] all =
                concat(IntStream.range(0, 100).mapToObj(i -> frame(i, 60_000)).toArray(byte[][]::new));
        client.channel.receives(all);
        harness.clientLoop.run();
        assertThat(client.channel.unreadBytes()).isPositive();
        harness.run(); // nothing but the room that is there again has them read
        assertThat(client.channel.unreadBytes()).isZero();
    }

    @Test
    void clientsThatWaitedForTheSessionLoopGoOnWaitingForTheGate() {
        EdgeClient client = harness.open();
        byte[] all =
                concat(IntStream.range(0, 100).mapToObj(i -> frame(i, 60_000)).toArray(byte[][]::new));
        client.channel.receives(all);
        harness.clientLoop.run();
        harness.gate.shut();
        harness.run();
        assertThat(client.channel.unreadBytes()).isPositive();
        harness.gate.open();
        harness.run();
        assertThat(client.channel.unreadBytes()).isZero();
    }

    /** The gate's news is on its way to the client loop, while a FIN has the transport read all that a client sent. */
    @Test
    void clientsGoOnThoughTheSessionLoopFellBehindBeforeTheOpenGateWasSeen() {
        EdgeClient waiting = harness.open();
        EdgeClient leaving = harness.open();
        harness.gate.shut();
        for (EdgeClient client : List.of(waiting, leaving)) {
            client.channel.receives(concat(
                    IntStream.range(0, 100).mapToObj(i -> frame(i, 60_000)).toArray(byte[][]::new)));
        }
        harness.run();
        int unread = waiting.channel.unreadBytes();
        harness.gate.open();
        for (int left = leaving.channel.unreadBytes(); left > 0; left -= SMALL_READ_BYTES) {
            leaving.channel.readForced();
        }
        harness.sessionLoop.run();
        harness.clientLoop.run();
        assertThat(waiting.channel.unreadBytes())
                .as("the session loop is behind")
                .isEqualTo(unread);
        harness.run();
        assertThat(waiting.channel.unreadBytes()).isZero();
    }

    @Test
    void aLinkThatIsLostWhileHeldBackForwardsWhatWasReadAndIsNotReadAgain() {
        EdgeClient client = harness.open();
        harness.gate.shut();
        client.send(concat(frame(1, 100), frame(2, 1000)));
        client.channel.broken(new IOException("reset by peer"));
        harness.run();
        harness.gate.open();
        harness.run();
        assertThat(harness.master.dataOf(client.id)).containsExactly(payload(1, 100));
        assertThat(harness.count(Metric.LINKS_LOST)).isOne();
    }

    @Test
    void newSessionsAreOpenedWhileClientsAreHeldBack() {
        harness.gate.shut();
        EdgeClient client = harness.open();
        client.send(frame(1, 1000));
        assertThat(harness.master.received()).isEmpty();
        harness.gate.open();
        harness.run();
        assertThat(harness.master.dataOf(client.id)).containsExactly(payload(1, 1000));
    }
}
