package net.voltlane.server.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.firehose3.Delivered;
import net.voltlane.protocol.firehose3.Ended;
import net.voltlane.protocol.firehose3.Opened;
import net.voltlane.protocol.firehose3.Resumed;
import net.voltlane.protocol.firehose3.Slow;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.metrics.Metric;
import org.junit.jupiter.api.Test;

/** A new instance of the master is told the present, and then what waits. */
final class Firehose3AnewTest extends Firehose3Case {
    private static final byte[] THREE = instance(3);

    private FakeChannel anew(FakeChannel old) {
        return anew(old, TWO);
    }

    private FakeChannel anew(FakeChannel old, byte[] instance) {
        FakeChannel next = redial(old);
        assertThat(heard(next)).hasSize(1);
        says(next, welcome(instance, 0));
        assertThat(harness.uplink.isUp()).isTrue();
        return next;
    }

    @Test
    void everySessionIsOpenedThenComesWhatWasNotAcknowledged() {
        FakeChannel master = connect();
        FakeSubject acknowledged = opens(1);
        begins(acknowledged, 1, 5);
        sends(acknowledged, 2, 5);
        acknowledged.nextDown = 42;
        FakeSubject gone = opens(2);
        begins(gone, 1, 5);
        ends(gone, Reason.CLIENT_LEFT);
        says(master, ack(3 + 3)); // of the first two sessions all is known
        sends(acknowledged, 3, 6);
        FakeSubject suspended = opens(3);
        begins(suspended, 1, 7);
        harness.uplink.suspended(suspended, "reset");
        FakeSubject leaving = opens(4);
        begins(leaving, 1, 8);
        ends(leaving, Reason.CLIENT_KICKED);

        FakeChannel second = anew(master);
        var told = heard(second);
        assertThat(told.subList(0, 3))
                .containsExactlyInAnyOrder(
                        existing(1, false, 3, 42), existing(3, true, 1, 1), existing(4, false, 1, 1));
        assertThat(told.subList(3, told.size()))
                .containsExactly(data(1, 3, 6), data(3, 1, 7), data(4, 1, 8), ended(4, Reason.CLIENT_KICKED, 0, 0));
        assertThat(harness.count(Metric.MASTER_BEGAN_ANEW)).isEqualTo(2);
        assertThat(harness.count(Metric.MASTER_PACKETS_RESENT)).isEqualTo(4);

        says(second, ack(7));
        assertThat(harness.budget.heldBytes()).isZero();
        assertThat(harness.uplink.waitingPackets()).isZero();
        assertThat(suspended.acknowledged).containsExactly(1L);
        assertThat(acknowledged.acknowledged).containsExactly(2L, 3L);
        assertThat(heard(anew(second, THREE))).hasSize(2); // session 4 is over
    }

    @Test
    void countsBeginAnew() {
        FakeChannel master = connect();
        begins(opens(7), 1, 5);
        says(master, ack(2));
        FakeChannel second = anew(master);
        assertThat(heard(second)).containsExactly(existing(7, false, 2, 1));
        says(second, ack(1));
        assertThat(second.isOpen()).isTrue();
        says(second, ack(2));
        assertThat(second.isOutputShutdown()).as("there is one packet").isTrue();
    }

    @Test
    void newsOfLinksThatWaitedAreInThePresent() {
        FakeChannel master = connect();
        FakeSubject session = opens(7);
        begins(session, 1, 5);
        harness.lose(master);
        harness.uplink.suspended(session, "reset");
        harness.uplink.resumed(session, false);
        begins(session, 2, 6);
        passes(Duration.ofSeconds(5));
        FakeChannel second = harness.accept();
        heard(second);
        says(second, welcome(TWO, 0));
        assertThat(heard(second)).containsExactly(existing(7, false, 1, 1), data(7, 1, 5), data(7, 2, 6));
        harness.uplink.resumed(session, true);
        harness.loop.run();
        assertThat(heard(second)).containsExactly(packet(7, new Resumed(true, "192.0.2.1:4711")));
    }

    @Test
    void slowSessionsAreToldToBeSo() {
        FakeChannel master = connect();
        FakeSubject slow = opens(7);
        FakeSubject ready = opens(8);
        harness.uplink.slow(slow, 500);
        harness.uplink.slow(ready, 500);
        harness.uplink.ready(ready, 5);
        harness.loop.run();
        var told = heard(anew(master));
        assertThat(told)
                .containsExactlyInAnyOrder(
                        existing(7, false, 1, 1), packet(7, new Slow(500)), existing(8, false, 1, 1));
        assertThat(told.indexOf(packet(7, new Slow(500)))).isEqualTo(told.indexOf(existing(7, false, 1, 1)) + 1);
    }

    @Test
    void whatClientsHaveAcknowledgedIsToldBehindThePresent() {
        FakeChannel master = connect();
        FakeSubject one = opens(7);
        FakeSubject over = opens(8);
        opens(9);
        one.delivered = 3;
        over.delivered = 4;
        harness.uplink.delivered(one);
        ends(over, Reason.CLIENT_LEFT);
        heard(master);
        FakeChannel second = anew(master);
        var told = heard(second);
        assertThat(told.subList(0, 3)).allMatch(heard -> heard.message() instanceof Opened);
        assertThat(told.subList(3, told.size()))
                .containsExactly(ended(8, Reason.CLIENT_LEFT, 0, 4), packet(7, new Delivered(3)));
    }

    @Test
    void whoWasOwedIsToldOnceByThePresent() {
        use(bounds(1, 100_000), OPEN);
        FakeChannel master = connect();
        begins(opens(1), 1, 5);
        opens(2);
        heard(master);
        FakeChannel second = anew(master);
        assertThat(heard(second))
                .containsExactlyInAnyOrder(existing(1, false, 1, 1), existing(2, false, 1, 1), data(1, 1, 5));
        says(second, ack(3));
        assertThat(heard(second)).isEmpty();
    }

    @Test
    void thePresentCountsAgainstNoBound() {
        use(bounds(1000, 3_000), OPEN);
        FakeChannel master = connect();
        for (long id = 1; id <= 200; id++) {
            opens(id);
        }
        FakeChannel second = anew(master);
        assertThat(heard(second)).hasSize(200);
        opens(201);
        assertThat(heard(second)).containsExactly(opened(201));
        says(second, ack(201));
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void aMasterThatIsAnotherEachTimeAndAcknowledgesNothingCostsABoundedAmount() {
        use(bounds(1000, 3_000), OPEN);
        FakeChannel master = connect();
        FakeSubject waits = opens(1);
        begins(waits, 1, 5);
        waits.takenUp = 1;
        ends(waits, Reason.CLIENT_LEFT);
        for (int i = 1; i <= 20; i++) {
            for (long id = 100L * i; id < 100L * i + 100; id++) {
                FakeSubject session = FakeSubject.known(id);
                harness.uplink.opened(session);
            }
            master = anew(master, instance(1 + i));
            for (long id = 100L * i; id < 100L * i + 100; id++) {
                harness.uplink.ended(FakeSubject.known(id), Reason.CLIENT_LEFT, NO_TEXT);
            }
            harness.loop.run();
        }
        var told = heard(anew(master, instance(99)));
        assertThat(told).as("the one of which data waits").hasSize(3);
        assertThat(told.get(1)).isEqualTo(data(1, 1, 5));
        assertThat(harness.count(Metric.MASTER_SESSIONS_FORGOTTEN)).isEqualTo(2000);
    }

    @Test
    void theGateFollowsWhatIsStillKept() {
        use(bounds(4, 100_000), OPEN);
        FakeChannel master = connect();
        FakeSubject session = opens(1);
        begins(session, 1, 5);
        for (int i = 2; i <= 4; i++) {
            sends(session, i, 5);
        }
        assertThat(harness.gate.isShut()).isTrue();
        FakeChannel second = anew(master);
        assertThat(harness.gate.isShut()).isTrue();
        assertThat(harness.uplink.waitingPackets()).isEqualTo(4);
        says(second, ack(3));
        assertThat(harness.gate.isShut()).isFalse();
    }

    @Test
    void withDataOnlyThoseAreTold() {
        use(UplinkHarness.SETTINGS, WITH_DATA);
        FakeChannel master = connect();
        opens(1);
        begins(opens(2), 1, 5);
        heard(master);
        assertThat(heard(anew(master))).containsExactly(existing(2, false, 1, 1), data(2, 1, 5));
    }

    @Test
    void theMapOfASuspendedSessionIsThatOfItsLastLink() {
        FakeChannel master = connect();
        FakeSubject session = opens(7);
        harness.uplink.suspended(session, "reset");
        session.origin = new net.voltlane.server.session.LinkOrigin("nowhere", "nowhere", "none");
        harness.loop.run();
        assertThat(heard(anew(master))).containsExactly(existing(7, true, 1, 1));
    }

    @Test
    void anEndThatWasAcknowledgedIsForgottenAndOneThatWasNotKeepsItsWords() {
        FakeChannel master = connect();
        FakeSubject session = opens(7);
        session.nextDown = 4;
        session.takenUp = 9;
        harness.uplink.ended(session, Reason.CLIENT_KICKED, "bye".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        harness.loop.run();
        FakeChannel second = anew(master);
        assertThat(heard(second))
                .containsExactly(
                        packet(7, new Opened(true, false, false, 1, 4, attributes())),
                        packet(7, new Ended(1, 9, 0, "bye")));
        says(second, ack(2));
        assertThat(heard(anew(second, THREE))).isEmpty();
    }

    @Test
    void theFirstWelcomeOfAllIsOneOfANewInstance() {
        FakeChannel master = harness.connect();
        FakeSubject session = opens(7);
        begins(session, 1, 5);
        heard(master);
        says(master, welcome(ONE, 0));
        assertThat(heard(master)).containsExactly(existing(7, false, 1, 1), data(7, 1, 5));
    }
}
