package net.voltlane.server.edge;

import static net.voltlane.server.link.Bufs.payload;
import static org.assertj.core.api.Assertions.assertThat;

import net.voltlane.protocol.CloseCode;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.protocol.link3.Ack;
import net.voltlane.protocol.link3.Data;
import net.voltlane.protocol.link3.Ping;
import net.voltlane.server.metrics.Metric;
import org.junit.jupiter.api.Test;

/** The bounds on what is kept for a client of version 3, and the words to the master about it. */
final class Version3BoundsTest extends Version3Case {
    // ---- bounds

    @Test
    void aClientThatNeverAcknowledgesFailsAlone() {
        bounds(10, 100_000);
        EdgeClient3 other = EdgeClient3.open(harness);
        EdgeClient3 client = EdgeClient3.open(harness);
        client.send(data(1, 1, 1));
        master(client, 1, 10);
        assertThat(harness.sessions.size()).isEqualTo(2);
        master(client, 11, 11);
        assertThat(harness.count(Metric.ENDED_BUFFER_OVERFLOW)).isOne();
        client.expectClose(CloseCode.OVERFLOW);
        master(other, 1, 1);
        assertThat(other.data()).containsExactly(numbered(1, 1));
        assertThat(harness.log.lines()).anyMatch(line -> line.contains("does not acknowledge"));
    }

    @Test
    void aClientThatAcknowledgesLastsForEver() {
        bounds(10, 100_000);
        EdgeClient3 client = EdgeClient3.open(harness);
        for (int i = 1; i <= 100; i++) {
            master(client, i, i);
            if (i % 10 == 0) {
                client.send(new Ack(i - 5));
                client.send(new Ack(i));
            }
        }
        assertThat(harness.sessions.size()).isOne();
    }

    @Test
    void bytesAreBoundedAndAnOnlyPacketIsNever() {
        bounds(100, 50);
        EdgeClient3 client = EdgeClient3.open(harness);
        harness.send(client.id, payload(1, 20_000));
        harness.run();
        assertThat(harness.sessions.size()).isOne();
        client.send(new Ack(1));
        master(client, 2, 4);
        assertThat(harness.sessions.size()).isOne();
        master(client, 5, 5);
        assertThat(harness.sessions.size()).isZero();
    }

    @Test
    void theBoundHoldsOverResumes() {
        bounds(10, 100_000);
        EdgeClient3 client = EdgeClient3.open(harness);
        master(client, 1, 6);
        cut(client);
        master(client, 7, 9);
        EdgeClient3 again = client.again().resume(1, 1);
        master(again, 10, 11);
        assertThat(harness.sessions.size()).isOne();
        master(again, 12, 12);
        assertThat(harness.count(Metric.ENDED_BUFFER_OVERFLOW)).isOne();
    }

    @Test
    void aClientThatIsNotReadForASlowMasterIsExcused() {
        bounds(10, 100_000);
        EdgeClient3 client = EdgeClient3.open(harness);
        master(client, 1, 5);
        harness.gate.shut();
        client.send(new Ack(2)); // this read finds it held back
        master(client, 6, 100);
        assertThat(harness.sessions.size())
                .as("its acknowledgements can't be heard")
                .isOne();
        client.send(new Ack(50));
        harness.gate.open();
        harness.run();
        assertThat(harness.sessions.size()).isOne();
        master(client, 101, 110);
        assertThat(harness.sessions.size())
                .as("what it could not acknowledge does not count")
                .isOne();
        client.send(new Ack(60));
        assertThat(harness.sessions.size()).isOne();
        master(client, 111, 111);
        assertThat(harness.count(Metric.ENDED_BUFFER_OVERFLOW)).isOne();
    }

    @Test
    void theExcuseOutlivesTheLink() {
        bounds(10, 100_000);
        EdgeClient3 client = EdgeClient3.open(harness);
        harness.gate.shut();
        client.send(data(1, 1, 1));
        master(client, 1, 100);
        cut(client);
        assertThat(harness.sessions.size()).isOne();
        harness.gate.open();
        harness.run();
        EdgeClient3 again = client.again().resume(0, 2);
        master(again, 101, 110);
        assertThat(again.data()).containsExactly(numbered(1, 110));
        assertThat(harness.sessions.size()).isOne();
        master(again, 111, 111);
        assertThat(harness.sessions.size()).isZero();
    }

    /** A client in the middle of reading: the socket's own bound counts only data, and only what it has not taken. */
    @Test
    void framesWithoutDataCountAgainstNoBound() {
        EdgeClient3 client = EdgeClient3.open(harness);
        client.channel.takes(0);
        master(client, 1, 5);
        for (int i = 0; i < 20; i++) {
            client.send(new Ping(payload(i, 8)));
            client.send(data(1, 64, 1));
        }
        assertThat(harness.sessions.size()).isOne();
        client.channel.takesAll();
        harness.run();
        assertThat(all(client).stream().filter(Data.class::isInstance)).hasSize(5);
    }

    @Test
    void operatorsSeeHowMuchIsKept() {
        EdgeClient3 client = EdgeClient3.open(harness);
        assertThat(harness.loop.keptBytes()).isZero();
        harness.send(client.id, payload(1, 20_000));
        harness.run();
        assertThat(harness.loop.keptBytes()).isBetween(20_000L, 70_000L);
        client.send(new Ack(1));
        assertThat(harness.loop.keptBytes()).isZero();
    }

    // ---- what the master is told

    @Test
    void aMasterOfVersion3IsToldWhatIsDeliveredAndKept() {
        bounds(8, 100_000);
        harness.master.acknowledges = true;
        EdgeClient3 client = EdgeClient3.open(harness);
        master(client, 1, 3);
        client.send(new Ack(1));
        assertThat(harness.master.delivered).containsExactly(1L);
        master(client, 4, 4);
        assertThat(harness.master.paced).isEmpty();
        master(client, 5, 6);
        client.send(new Ack(3));
        assertThat(harness.master.paced).containsExactly("slow 60");
        client.send(new Ack(4));
        assertThat(harness.master.paced).containsExactly("slow 60", "ready 30");
        client.send(new Ack(6));
        assertThat(harness.master.delivered).containsExactly(1L, 3L, 4L, 6L);
        assertThat(harness.master.paced).hasSize(2);
    }

    @Test
    void aLinkThatIsResumedKnowsWhatTheMasterWasTold() {
        bounds(8, 100_000);
        harness.master.acknowledges = true;
        EdgeClient3 client = EdgeClient3.open(harness);
        master(client, 1, 5);
        assertThat(harness.master.paced).containsExactly("slow 60");
        cut(client);
        EdgeClient3 again = client.again().resume(1, 1);
        again.send(new Ack(2));
        assertThat(harness.master.paced).hasSize(1);
        again.send(new Ack(3));
        assertThat(harness.master.paced).containsExactly("slow 60", "ready 30");
    }

    @Test
    void aClientOfVersion2IsSlowByWhatItsSocketHasNotTaken() {
        harness.close();
        harness = new EdgeHarness(new EdgeSettings(
                EdgeHarness.MAX_FRAME_BYTES,
                EdgeHarness.HANDSHAKE_TIMEOUT.toNanos(),
                new QueueBounds(8, 100_000),
                false,
                0));
        harness.master.acknowledges = true;
        EdgeClient client = harness.open();
        client.channel.takes(0);
        for (int i = 1; i <= 5; i++) {
            harness.send(client.id, payload(i, 10));
            harness.run();
        }
        assertThat(harness.master.paced).containsExactly("slow 56");
        client.channel.takes(3 * 14);
        harness.send(client.id, payload(6, 10));
        harness.run();
        assertThat(harness.master.paced).as("three are more than a quarter").hasSize(1);
        client.channel.takesAll();
        harness.run();
        assertThat(harness.master.paced).hasSize(2).last().asString().startsWith("ready");
    }

    @Test
    void aMasterOfVersion2IsToldNothing() {
        bounds(8, 100_000);
        EdgeClient3 client = EdgeClient3.open(harness);
        master(client, 1, 8);
        client.send(new Ack(8));
        assertThat(harness.master.paced).isEmpty();
        assertThat(harness.master.delivered).isEmpty();
    }
}
