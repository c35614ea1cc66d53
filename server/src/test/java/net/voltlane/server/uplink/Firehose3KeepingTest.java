package net.voltlane.server.uplink;

import static net.voltlane.testkit.Bytes.concat;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.firehose3.Data;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.link.Logged;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.Bytes;
import org.junit.jupiter.api.Test;

/** Packets that the master has not acknowledged are kept, count, and go again to the same instance of the master. */
final class Firehose3KeepingTest extends Firehose3Case {
    /** The time after which a master is given up. */
    private static final long WAIT_NANOS = Duration.ofSeconds(10).toNanos();

    @Test
    void keptDataCountsUntilItIsAcknowledged() {
        use(bounds(4, 100_000), OPEN);
        FakeChannel master = connect();
        FakeSubject session = opens(7);
        begins(session, 1, 5);
        sends(session, 2, 5);
        sends(session, 3, 5);
        assertThat(harness.uplink.waitingPackets()).isEqualTo(3);
        assertThat(harness.gate.isShut()).isFalse();
        sends(session, 4, 5);
        assertThat(harness.gate.isShut()).isTrue();
        assertThat(harness.count(Metric.CLIENTS_HELD_BACK)).isEqualTo(1);
        assertThat(harness.budget.heldBytes()).isPositive();
        says(master, ack(3));
        assertThat(harness.gate.isShut()).as("two are left").isFalse();
        says(master, ack(5));
        assertThat(harness.uplink.waitingPackets()).isZero();
        assertThat(harness.uplink.waitingBytes()).isZero();
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void aBoundInBytesCountsAsWell() {
        use(bounds(1000, 60), OPEN);
        FakeChannel master = connect();
        FakeSubject session = opens(7);
        begins(session, 1, 40);
        assertThat(harness.gate.isShut()).isFalse();
        sends(session, 2, 0);
        assertThat(harness.uplink.waitingBytes()).isEqualTo(13 + 40 + 13);
        assertThat(harness.gate.isShut()).isTrue();
        says(master, ack(2));
        assertThat(harness.gate.isShut()).isFalse();
    }

    @Test
    void everySessionLearnsItsShareOfAnAckOnce() {
        FakeChannel master = connect();
        FakeSubject one = opens(1);
        FakeSubject two = opens(2);
        begins(one, 1, 5);
        begins(two, 1, 5);
        sends(one, 2, 5);
        sends(two, 2, 5);
        sends(one, 3, 5);
        assertThat(harness.uplink.acknowledges()).isTrue();
        says(master, ack(3));
        assertThat(one.acknowledged).containsExactly(1L);
        assertThat(two.acknowledged).isEmpty();
        says(master, ack(7));
        assertThat(one.acknowledged).containsExactly(1L, 3L);
        assertThat(two.acknowledged).containsExactly(2L);
        says(master, ack(7));
        assertThat(one.acknowledged).as("nothing new").containsExactly(1L, 3L);
    }

    @Test
    void aSessionThatHasEndedStillLearnsIt() {
        FakeChannel master = connect();
        FakeSubject session = opens(1);
        begins(session, 1, 5);
        ends(session, Reason.CLIENT_LEFT);
        says(master, ack(3));
        assertThat(session.acknowledged).containsExactly(1L);
        assertThat(harness.budget.heldBytes()).isZero();
    }

    // ---- counts that can't be

    @Test
    void anAckBeyondWhatWasSentClosesTheLink() {
        FakeChannel master = connect();
        begins(opens(7), 1, 5);
        heard(master);
        says(master, ack(3));
        assertThat(master.isOutputShutdown()).isTrue();
        assertThat(harness.count(Metric.MASTER_COUNTS_WRONG)).isEqualTo(1);
        FakeChannel second = next();
        assertThat(heard(second)).containsExactly(hello(NONE, 0));
        says(second, welcome(ONE, 0));
        assertThat(heard(second)).containsExactly(existing(7, false, 1, 1), data(7, 1, 5));
    }

    private FakeChannel next() {
        passes(Duration.ofSeconds(5));
        return harness.accept();
    }

    @Test
    void anAckOfPacketsThatTheSocketWasNotGivenIsBeyond() {
        FakeChannel master = connect().takes(3);
        for (int i = 0; i < 3; i++) {
            sends(i == 0 ? opens(7) : FakeSubject.known(7), i, 90_000);
        }
        says(master, ack(4));
        assertThat(master.isOutputShutdown()).isTrue();
    }

    @Test
    void anAckThatGoesBackClosesTheLink() {
        FakeChannel master = connect();
        begins(opens(7), 1, 5);
        says(master, frame(7, new Data(new byte[3])), ack(2), ack(1));
        assertThat(master.isOutputShutdown()).isTrue();
        assertThat(harness.count(Metric.MASTER_COUNTS_WRONG)).isEqualTo(1);
        assertThat(heard(next())).as("what was received is forgotten too").containsExactly(hello(NONE, 0));
    }

    @Test
    void hugeAcksCloseTheLink() {
        for (long number : new long[] {Limits.MAX_COUNT, Limits.MAX_COUNT + 1, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
            use(UplinkHarness.SETTINGS, OPEN);
            FakeChannel master = connect();
            opens(7);
            byte[] ack = ack(0);
            for (int i = 0; i < 8; i++) {
                ack[13 + i] = (byte) (number >>> (8 * i));
            }
            says(master, ack, frame(7, new Data(new byte[3])));
            assertThat(master.isOutputShutdown()).as("%d", number).isTrue();
            assertThat(heard(next())).containsExactly(hello(NONE, 0));
        }
    }

    @Test
    void aWelcomeWhoseCountCanNotBeClosesTheLinkLoudly() {
        for (long received : new long[] {1, 4, Limits.MAX_COUNT}) {
            use(UplinkHarness.SETTINGS, OPEN);
            FakeChannel master = connect();
            begins(opens(7), 1, 5);
            sends(FakeSubject.known(7), 2, 5);
            says(master, ack(2));
            FakeChannel second = redial(master);
            says(second, welcome(ONE, received));
            assertThat(second.isOutputShutdown()).as("%d", received).isTrue();
            assertThat(harness.count(Metric.MASTER_COUNTS_WRONG)).isEqualTo(1);
            FakeChannel third = next();
            assertThat(heard(third)).containsExactly(hello(NONE, 0));
            says(third, welcome(ONE, 0));
            assertThat(heard(third)).containsExactly(existing(7, false, 2, 1), data(7, 2, 5));
        }
    }

    @Test
    void anotherInstanceThatSaysToHaveReceivedSomethingIsNotBelieved() {
        FakeChannel master = connect();
        begins(opens(7), 1, 5);
        FakeChannel second = redial(master);
        try (Logged log = new Logged(FirehoseV3.class)) {
            says(second, welcome(TWO, 1));
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains("says that it has 1 packets, which can be 0 to 0");
        }
        assertThat(second.isOutputShutdown()).isTrue();
        assertThat(harness.count(Metric.MASTER_COUNTS_WRONG)).isEqualTo(1);
    }

    // ---- the same instance on a new link

    @Test
    void atEveryCutTheSameInstanceGetsEveryPacketOnce() {
        byte[] all = stream(Integer.MAX_VALUE, 0).first;
        for (int cut = 0; cut <= all.length; cut++) {
            Cut run = stream(cut, 0);
            assertThat(concat(run.first, run.second))
                    .as("cut after %d of %d bytes", cut, all.length)
                    .isEqualTo(all);
        }
    }

    @Test
    void whatWasReceivedAndNotYetTakenOverGoesAgainAsOften() {
        byte[] all = stream(Integer.MAX_VALUE, 0).first;
        for (int forgotten = 1; forgotten <= 6; forgotten++) {
            Cut run = stream(Integer.MAX_VALUE, forgotten);
            List<Heard> packets = packets(all);
            assertThat(packets(run.second)).isEqualTo(packets.subList(packets.size() - forgotten, packets.size()));
        }
    }

    /** Links that break before an Ack comes: each Welcome tells that the last one brought something. */
    @Test
    void aMasterThatTakesSomethingOnEveryLinkIsDialledSoonAgain() {
        use(new UplinkSettings("127.0.0.1", 42001, 100_000, 1000, 100_000, WAIT_NANOS, 0), OPEN);
        FakeChannel master = connect();
        begins(opens(7), 1, 5);
        for (int link = 1; link <= 200; link++) {
            sends(FakeSubject.known(7), link + 1, 5);
            harness.lose(master);
            harness.loop.advance(Duration.ofNanos(Backoff.FIRST_NANOS));
            master = harness.accept();
            says(master, welcome(ONE, link + 1));
        }
    }

    private record Cut(byte[] first, byte[] second) {}

    /**
     * Sends the same packets each time, the last of them while there is no link.
     *
     * @param cut the first link takes so many bytes behind Hello
     * @param forgotten so many of the packets that it took whole the master does not count as received
     */
    private Cut stream(int cut, int forgotten) {
        use(UplinkHarness.SETTINGS, OPEN);
        FakeChannel master = connect().takes(cut);
        FakeSubject one = opens(1);
        FakeSubject two = opens(2);
        begins(one, 1, 3);
        begins(two, 1, 0);
        harness.uplink.suspended(one, "reset");
        ends(two, Reason.CLIENT_LEFT);
        byte[] taken = master.taken();
        byte[] whole = wholeFrames(taken);
        int received = packets(whole).size() - forgotten;
        FakeChannel second = redial(master);
        heard(second);
        says(second, welcome(ONE, received));
        byte[] rest = second.taken();
        return new Cut(whole, rest);
    }

    private static byte[] wholeFrames(byte[] bytes) {
        int end = 0;
        while (end + 4 <= bytes.length) {
            int next = end + 4 + (bytes[end] & 0xFF) + ((bytes[end + 1] & 0xFF) << 8);
            if (next > bytes.length) {
                break;
            }
            end = next;
        }
        return java.util.Arrays.copyOf(bytes, end);
    }

    @Test
    void whatComesWhileThereIsNoLinkWaits() {
        FakeChannel master = connect();
        FakeSubject session = opens(7);
        heard(master);
        harness.lose(master);
        begins(session, 1, 5);
        ends(session, Reason.CLIENT_LEFT);
        FakeChannel second = next();
        says(second, welcome(ONE, 1));
        assertThat(heard(second)).containsExactly(hello(ONE, 0), data(7, 1, 5), ended(7, Reason.CLIENT_LEFT, 0, 0));
        assertThat(harness.count(Metric.MASTER_PACKETS_RESENT)).isZero();
    }

    @Test
    void manyLinksOneAfterTheOtherLoseNothing() {
        use(bounds(1000, 1_000_000), OPEN);
        FakeChannel master = connect();
        FakeSubject session = opens(7);
        List<Heard> all = new ArrayList<>(heard(master));
        harness.uplink.dataFollows(session);
        for (int i = 1; i <= 50; i++) {
            sends(session, i, i);
            List<Heard> got = heard(master);
            int believed = i % 3 == 0 ? 0 : got.size();
            all.addAll(got.subList(0, believed));
            master = redial(master);
            heard(master);
            says(master, welcome(ONE, all.size()));
        }
        all.addAll(heard(master));
        assertThat(all).hasSize(51);
        for (int i = 1; i <= 50; i++) {
            assertThat(all.get(i)).isEqualTo(data(7, i, i));
        }
        assertThat(harness.count(Metric.MASTER_PACKETS_RESENT)).isEqualTo(16);
    }

    @Test
    void largeAndManyPacketsPassInOrder() {
        FakeChannel master = connect();
        FakeSubject session = opens(7);
        heard(master);
        harness.uplink.dataFollows(session);
        byte[][] frames = new byte[300][];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = UplinkHarness.data(7, i, i % 50 == 0 ? 90_000 : i);
        }
        harness.up(frames);
        assertThat(master.taken()).isEqualTo(Bytes.concat(frames));
        says(master, ack(301));
        assertThat(harness.budget.heldBytes()).isZero();
    }
}
