package net.voltlane.server.edge;

import static net.voltlane.server.link.Bufs.frame;
import static net.voltlane.server.link.Bufs.payload;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import net.voltlane.protocol.Reason;
import net.voltlane.server.edge.EdgeHarness.Master;
import net.voltlane.server.metrics.Metric;
import org.junit.jupiter.api.Test;

/** Sessions that end: the last delivery to the link, and its close. */
final class ClientLinkEndTest extends ClientLinkCase {
    @Test
    void aKickedLinkDeliversWhatWasQueuedThenCloses() {
        EdgeClient client = harness.open();
        client.send(frame(9, 9));
        client.channel.takes(3);
        sendNumbered(client, 1, 3);
        harness.sessions.kick(client.id);
        harness.run();
        client.send(frame(8, 8));
        assertThat(harness.master.received())
                .as("nothing is read any more, and Failure does not wait for the delivery")
                .containsExactly(Master.data(client.id, payload(9, 9)), Master.failed(client.id, Reason.CLIENT_KICKED));
        assertThat(client.isClosed()).isFalse();
        client.channel.takes(30);
        harness.run();
        assertThat(client.isClosed()).isFalse();
        client.channel.takesAll();
        harness.run();
        assertThat(client.data()).containsExactly(numbered(1, 3));
        assertThat(client.isClosed()).isTrue();
        assertThat(client.channel.isOpen()).as("until its FIN").isTrue();
        client.channel.finished();
        harness.run();
        assertThat(client.channel.isOpen()).isFalse();
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void aKickedLinkGoesOnReadingSoThatAPeerStuckInAWriteCanRead() {
        EdgeClient client = harness.open();
        client.channel.takes(0);
        sendNumbered(client, 1, 1);
        harness.sessions.kick(client.id);
        harness.run();
        client.send(new byte[100_000]);
        assertThat(client.channel.unreadBytes()).isZero();
        assertThat(harness.budget.heldBytes()).as("it is dropped").isLessThan(1_000);
        assertThat(harness.master.received()).isEmpty();
        client.channel.takesAll();
        harness.run();
        assertThat(client.data()).containsExactly(numbered(1, 1));
    }

    @Test
    void aKickedLinkWithNothingQueuedClosesAtOnce() {
        EdgeClient client = harness.open();
        harness.sessions.kick(client.id);
        harness.run();
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void aKickedClientThatTakesNothingIsGivenUp() {
        EdgeClient client = harness.open();
        client.channel.takes(0);
        sendNumbered(client, 1, 1);
        harness.sessions.kick(client.id);
        harness.run();
        harness.advance(Duration.ofSeconds(5).minusNanos(1));
        assertThat(client.channel.isOpen()).isTrue();
        harness.advance(Duration.ofNanos(1));
        assertThat(client.channel.wasReset()).isTrue();
        assertThat(harness.count(Metric.LINKS_RESET)).isOne();
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void aKickedClientThatReadsSlowlyGetsMoreTimeButNotForEver() {
        EdgeClient client = harness.open();
        client.channel.takes(0);
        sendNumbered(client, 1, 10);
        harness.sessions.kick(client.id);
        harness.run();
        for (int i = 0; i < 5; i++) {
            client.channel.takes(1);
            harness.advance(Duration.ofSeconds(5));
            assertThat(client.channel.isOpen()).as("after %d s", 5 * (i + 1)).isTrue();
        }
        client.channel.takes(1);
        harness.advance(Duration.ofSeconds(5));
        assertThat(client.channel.wasReset()).isTrue();
    }

    @Test
    void aDeliveryThatLosesItsLinkIsOver() {
        EdgeClient client = harness.open();
        client.channel.takes(0);
        sendNumbered(client, 1, 3);
        harness.sessions.kick(client.id);
        harness.run();
        client.channel.broken(new IOException("reset by peer"));
        harness.run();
        assertThat(harness.budget.heldBytes()).isZero();
        harness.advance(Duration.ofSeconds(5));
        assertThat(harness.count(Metric.LINKS_RESET)).isZero();
    }

    @Test
    void atTheMemoryLimitDeliveriesAreGivenUp() {
        EdgeClient kicked = harness.open();
        EdgeClient live = harness.open();
        kicked.channel.takes(0);
        live.channel.takes(0);
        sendNumbered(kicked, 1, 3);
        sendNumbered(live, 1, 3);
        harness.sessions.kick(kicked.id);
        harness.run();
        harness.loop.timeouts.shed();
        assertThat(kicked.channel.wasReset()).isTrue();
        assertThat(live.channel.isOpen()).isTrue();
    }

    @Test
    void anOverflownLinkDropsWhatItHolds() {
        bounds(2, 1_000_000, false);
        EdgeClient client = harness.open();
        client.send(frame(9, 9));
        client.channel.takes(14);
        sendNumbered(client, 1, 4);
        assertThat(harness.master.received())
                .containsExactly(
                        Master.data(client.id, payload(9, 9)), Master.failed(client.id, Reason.BUFFER_OVERFLOW));
        client.channel.takesAll();
        assertThat(client.data()).containsExactly(numbered(1, 1));
        assertThat(client.isClosed()).isTrue();
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void aFailureComesBehindTheClientsLastData() {
        EdgeClient client = harness.open();
        client.channel.receives(frame(1, 5));
        harness.clientLoop.runOne(); // read, and not yet handed over
        harness.sessions.kick(client.id);
        harness.run();
        assertThat(harness.master.received())
                .containsExactly(Master.data(client.id, payload(1, 5)), Master.failed(client.id, Reason.CLIENT_KICKED));
    }
}
