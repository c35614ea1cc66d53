package net.voltlane.server.edge;

import static net.voltlane.server.link.Bufs.frame;
import static net.voltlane.server.link.Bufs.payload;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import net.voltlane.protocol.Reason;
import net.voltlane.server.edge.EdgeHarness.Master;
import net.voltlane.server.metrics.Metric;
import org.junit.jupiter.api.Test;

/** Packets for a client that does not read: the bounds, the blocking firehose, the memory limit. */
final class ClientLinkOverflowTest extends ClientLinkCase {
    @Test
    void onePacketMoreThanTheCapacityFailsTheSession() {
        bounds(4, 1_000_000, false);
        EdgeClient client = harness.open();
        client.send(frame(9, 1));
        client.channel.takes(0);
        sendNumbered(client, 1, 4);
        assertThat(harness.master.dataOf(client.id)).containsExactly(payload(9, 1));
        sendNumbered(client, 5, 5);
        assertThat(harness.master.received()).containsExactly(Master.failed(client.id, Reason.BUFFER_OVERFLOW));
        assertThat(harness.count(Metric.ENDED_BUFFER_OVERFLOW)).isOne();
        assertThat(client.isClosed()).isTrue();
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void whatTheSocketHasTakenMeanwhileDoesNotCount() {
        bounds(4, 1_000_000, false);
        EdgeClient client = harness.open();
        client.channel.takes(0);
        sendNumbered(client, 1, 4);
        client.channel.takes(14 + 14); // two of them
        sendNumbered(client, 5, 6);
        assertThat(client.isClosed()).isFalse();
        client.channel.takes(13); // not wholly taken
        sendNumbered(client, 7, 7);
        assertThat(harness.count(Metric.ENDED_BUFFER_OVERFLOW)).isOne();
    }

    @Test
    void bytesAreBoundedAsWell() {
        bounds(1000, 28, false);
        EdgeClient client = harness.open();
        client.channel.takes(0);
        sendNumbered(client, 1, 2);
        assertThat(client.isClosed()).isFalse();
        harness.send(client.id, new byte[0]);
        harness.run();
        assertThat(harness.count(Metric.ENDED_BUFFER_OVERFLOW)).isOne();
    }

    @Test
    void onePacketAlwaysFitsIntoAnEmptyQueue() {
        bounds(1, 10, false);
        EdgeClient client = harness.open();
        client.channel.takes(0);
        harness.send(client.id, payload(1, 50_000));
        harness.run();
        assertThat(client.isClosed()).isFalse();
        client.channel.takesAll();
        assertThat(client.data()).containsExactly(payload(1, 50_000));
        client.channel.takes(0);
        harness.send(client.id, payload(2, 50_000));
        harness.run();
        assertThat(client.isClosed()).isFalse();
        sendNumbered(client, 3, 3);
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void aClientThatDoesNotReadCostsNoOther() {
        bounds(4, 1_000_000, false);
        EdgeClient slow = harness.open();
        EdgeClient other = harness.open();
        slow.channel.takes(0);
        for (int i = 1; i <= 20; i++) {
            sendNumbered(slow, i, i);
            sendNumbered(other, i, i);
        }
        assertThat(other.data()).containsExactly(numbered(1, 20));
        assertThat(harness.master.blocked).isFalse();
    }

    @Test
    void underBlockTheFirehoseWaitsUntilHalfIsLeft() {
        bounds(4, 1_000_000, true);
        EdgeClient client = harness.open();
        client.channel.takes(0);
        sendNumbered(client, 1, 4);
        assertThat(harness.master.blocked).isFalse();
        sendNumbered(client, 5, 5);
        assertThat(harness.master.blocked).isTrue();
        assertThat(harness.count(Metric.FIREHOSE_BLOCKED)).isOne();
        sendNumbered(client, 6, 6); // was on its way
        client.channel.takes(3 * 14);
        harness.run();
        sendNumbered(client, 7, 7);
        assertThat(harness.master.blocked).as("four wait").isTrue();
        client.channel.takesAll();
        harness.run();
        assertThat(harness.master.blocked).isFalse();
        assertThat(client.data()).containsExactly(numbered(1, 7));
        assertThat(client.isClosed()).isFalse();
    }

    @Test
    void underBlockBytesWaitForHalfOfThemAsWell() {
        bounds(1_000_000, 4 * 14, true);
        EdgeClient client = harness.open();
        client.channel.takes(0);
        sendNumbered(client, 1, 5);
        assertThat(harness.master.blocked).isTrue();
        client.channel.takes(2 * 14); // three are left
        sendNumbered(client, 6, 6); // and four with this one
        assertThat(harness.master.blocked).isTrue();
        client.channel.takes(2 * 14 - 1);
        harness.send(client.id, new byte[0]);
        harness.run();
        assertThat(harness.master.blocked).as("three and a small one").isTrue();
        client.channel.takesAll();
        assertThat(client.data()).hasSize(7);
        harness.run();
        assertThat(harness.master.blocked).isFalse();
    }

    @Test
    void underBlockALinkThatIsLostUnblocks() {
        bounds(2, 1_000_000, true);
        EdgeClient client = harness.open();
        client.channel.takes(0);
        sendNumbered(client, 1, 3);
        assertThat(harness.master.blocked).isTrue();
        client.channel.broken(new IOException("reset by peer"));
        harness.run();
        assertThat(harness.master.blocked).isFalse();
        assertThat(client.again().resume().data()).containsExactly(numbered(1, 3));
    }

    @Test
    void atTheMemoryLimitTheSessionThatHoldsMostFails() {
        harness.close();
        harness = new EdgeHarness(EdgeHarness.SETTINGS, 12_000);
        EdgeClient slow = harness.open();
        EdgeClient lesser = harness.open();
        EdgeClient half = harness.open();
        for (EdgeClient client : List.of(slow, lesser, half)) {
            client.send(frame(9, 9));
            client.channel.takes(0);
        }
        harness.master.received();
        harness.send(lesser.id, payload(1, 500));
        harness.send(slow.id, payload(1, 5_000));
        harness.send(slow.id, payload(2, 5_000));
        half.send(Arrays.copyOf(frame(1, 5_000), 3_000)); // what it has not sent whole is held for it as well
        harness.run();
        harness.sessions.shed();
        harness.run();
        assertThat(harness.master.received()).containsExactly(Master.failed(slow.id, Reason.MEMORY_LIMIT));
        assertThat(slow.isClosed()).isTrue();
        assertThat(harness.budget.heldBytes()).isBetween(3_500L, 8_000L);
    }
}
