package net.voltlane.server.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import net.voltlane.protocol.Reason;
import net.voltlane.protocol.firehose3.Delivered;
import net.voltlane.protocol.firehose3.Opened;
import net.voltlane.protocol.firehose3.Resumed;
import net.voltlane.protocol.firehose3.Suspended;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.LinkOrigin;
import org.junit.jupiter.api.Test;

/** While what is kept for the master is at its bound, it is told the newest state of each session once there is room. */
final class Firehose3OwedTest extends Firehose3Case {
    private FakeChannel master = FakeChannel.connected(harness.loop);

    /** A master that has not acknowledged a packet of session 1, which alone is the bound. */
    private FakeSubject full() {
        master.close();
        use(bounds(1, 100_000), OPEN);
        master = connect();
        FakeSubject first = opens(1);
        begins(first, 1, 5);
        assertThat(heard(master)).containsExactly(opened(1), data(1, 1, 5));
        assertThat(harness.gate.isShut()).isTrue();
        return first;
    }

    private void acknowledges(long number) {
        says(master, ack(number));
    }

    @Test
    void aSessionIsOpenedOnceThereIsRoom() {
        full();
        opens(2);
        opens(3);
        assertThat(heard(master)).isEmpty();
        assertThat(harness.count(Metric.MASTER_NEWS_OWED)).isEqualTo(2);
        acknowledges(2);
        assertThat(heard(master)).containsExactly(opened(2), opened(3));
    }

    @Test
    void aSessionThatEndsBeforeItWasOpenedIsForgotten() {
        full();
        for (long id = 2; id < 1000; id++) {
            ends(opens(id), Reason.CLIENT_DISCONNECTED);
        }
        acknowledges(2);
        assertThat(heard(master)).isEmpty();
        assertThat(harness.count(Metric.MASTER_SESSIONS_FORGOTTEN)).isEqualTo(998);
    }

    @Test
    void anOwedSessionIsOpenedBeforeItsDataWhateverTheBound() {
        full();
        FakeSubject late = opens(2);
        begins(late, 1, 5);
        assertThat(heard(master)).containsExactly(opened(2), data(2, 1, 5));
        acknowledges(2);
        assertThat(heard(master)).as("and only once").isEmpty();
    }

    @Test
    void anOwedSessionThatIsSuspendedIsOpenedAsSuch() {
        full();
        FakeSubject late = opens(2);
        harness.uplink.suspended(late, "reset");
        acknowledges(2);
        assertThat(heard(master)).containsExactly(packet(2, new Opened(false, true, false, 1, 1, attributes())));
        harness.uplink.resumed(late, false);
        harness.loop.run();
        assertThat(heard(master)).containsExactly(packet(2, new Resumed(false, "192.0.2.1:4711")));
    }

    @Test
    void aSuspensionIsToldOnceThereIsRoom() {
        FakeSubject session = full();
        harness.uplink.suspended(session, "reset");
        harness.loop.run();
        assertThat(heard(master)).isEmpty();
        acknowledges(2);
        assertThat(heard(master)).containsExactly(packet(1, new Suspended("reset")));
    }

    @Test
    void aResumeBehindASuspensionThatWasNotToldTakesOver() {
        FakeSubject session = full();
        harness.uplink.suspended(session, "reset");
        session.origin = new LinkOrigin("198.51.100.9:80", "", "tcp");
        harness.uplink.resumed(session, false);
        harness.uplink.suspended(session, "again");
        session.origin = new LinkOrigin("198.51.100.10:80", "", "tcp");
        harness.uplink.resumed(session, false);
        harness.loop.run();
        assertThat(heard(master)).isEmpty();
        acknowledges(2);
        assertThat(heard(master)).containsExactly(packet(1, new Resumed(true, "198.51.100.10:80")));
    }

    @Test
    void nothingIsOwedWhereTheMastersPictureIsRightAgain() {
        FakeSubject session = FakeSubject.known(9);
        full();
        acknowledges(2);
        harness.uplink.opened(session);
        harness.uplink.suspended(session, "reset");
        FakeSubject other = opens(2);
        begins(other, 1, 5);
        heard(master);
        harness.uplink.resumed(session, false);
        harness.uplink.suspended(session, "again");
        acknowledges(6);
        assertThat(heard(master)).as("it is suspended, as told").isEmpty();
        harness.uplink.resumed(session, false);
        harness.loop.run();
        assertThat(heard(master)).containsExactly(packet(9, new Resumed(false, "192.0.2.1:4711")));
    }

    @Test
    void anOwedResumeComesBeforeTheDataOfItsLink() {
        FakeSubject session = full();
        harness.uplink.suspended(session, "reset");
        harness.uplink.resumed(session, false);
        begins(session, 2, 6);
        assertThat(heard(master)).containsExactly(packet(1, new Resumed(true, "192.0.2.1:4711")), data(1, 2, 6));
        acknowledges(4);
        assertThat(heard(master)).isEmpty();
    }

    @Test
    void anEndIsToldAtOnceAndNothingOwedAfterIt() {
        FakeSubject session = full();
        harness.uplink.suspended(session, "reset");
        ends(session, Reason.CLIENT_DISCONNECTED);
        assertThat(heard(master)).containsExactly(ended(1, Reason.CLIENT_DISCONNECTED, 0, 0));
        acknowledges(3);
        assertThat(heard(master)).isEmpty();
    }

    @Test
    void figuresOfASessionThatIsOwedWaitForItsOpening() {
        full();
        FakeSubject late = opens(2);
        late.delivered = 4;
        harness.uplink.delivered(late);
        harness.loop.run();
        assertThat(heard(master)).isEmpty();
        acknowledges(2);
        assertThat(heard(master)).containsExactly(opened(2), packet(2, new Delivered(4)));
    }

    @Test
    void theServersOwnPacketsHaveABoundOfTheirOwn() {
        master.close();
        use(bounds(1000, 3_000), OPEN);
        master = connect();
        for (long id = 1; id <= 1000; id++) {
            opens(id);
        }
        int told = heard(master).size();
        assertThat(told).isBetween(20, 40);
        assertThat(harness.gate.isShut()).as("they hold nobody back").isFalse();
        int all = told;
        while (told > 0) {
            says(master, ack(all));
            told = heard(master).size();
            all += told;
        }
        assertThat(all).isEqualTo(1000);
    }
}
