package net.voltlane.server.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import net.voltlane.protocol.Reason;
import net.voltlane.protocol.firehose3.Attributes;
import net.voltlane.protocol.firehose3.Elsewhere;
import net.voltlane.protocol.firehose3.Ended;
import net.voltlane.protocol.firehose3.Gap;
import net.voltlane.protocol.firehose3.Opened;
import net.voltlane.protocol.firehose3.Position;
import net.voltlane.protocol.firehose3.Welcome;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.MasterPort.Adopting;
import net.voltlane.server.session.MasterPort.Adopts;
import org.junit.jupiter.api.Test;

/** Sessions that come from other servers, and that go on at others, on a firehose of version 3. */
final class Firehose3AdoptionTest extends Firehose3Case {
    private static final long ID = 7;

    private FakeSubject adopts(long epoch, long nextUp, long nextDown) {
        FakeSubject session = FakeSubject.known(ID);
        session.epoch = epoch;
        session.adopting = new Adopting(nextUp, nextDown);
        session.takenUp = nextUp - 1;
        session.nextDown = nextDown;
        harness.uplink.adopted(session);
        harness.loop.run();
        return session;
    }

    private static Heard adopted(long epoch, long nextUp, long nextDown) {
        return packet(
                ID,
                new Opened(
                        true,
                        false,
                        true,
                        nextUp,
                        nextDown,
                        attributes().with(Attributes.EPOCH, Long.toString(epoch))));
    }

    private void answers(FakeChannel master, FakeSubject session, long taken, long next) {
        says(master, frame(ID, new Position(taken, next, session.epoch)));
        session.adopting = null;
    }

    @Test
    void theMasterIsToldTheClientsCountsAndAnswersWithItsOwn() {
        FakeChannel master = connect();
        FakeSubject session = adopts(2, 5, 8);
        assertThat(heard(master)).contains(adopted(2, 5, 8));
        answers(master, session, 6, 8);
        begins(session, 1, 10);
        says(master, ack(1));
        assertThat(session.acknowledged).containsExactly(6L); // what it had before is taken over with that
        says(master, ack(2));
        assertThat(session.acknowledged).containsExactly(6L, 7L);
    }

    @Test
    void aSessionThatNobodyHasAnyMoreEndsOnceForTheMasterThatKnowsIt() {
        FakeChannel master = connect();
        FakeSubject session = FakeSubject.known(ID);
        harness.uplink.opened(session);
        assertThat(harness.uplink.letGo(session)).isTrue();
        harness.loop.run();
        heard(master);
        session.takenUp = 3;
        harness.uplink.abandoned(session, Reason.CLIENT_DISCONNECTED);
        harness.loop.run();
        assertThat(heard(master))
                .containsExactly(packet(
                        ID,
                        new Ended(
                                Reason.CLIENT_DISCONNECTED.closeCode().code(),
                                3,
                                0,
                                Reason.CLIENT_DISCONNECTED.text())));
        says(master, ack(2));
        assertThat(harness.uplink.letGo(session)).as("it is forgotten").isFalse();
    }

    @Test
    void aNewInstanceIsNotToldOfASessionThatNobodyHas() {
        FakeChannel master = connect();
        FakeSubject session = FakeSubject.known(ID);
        harness.uplink.opened(session);
        harness.uplink.letGo(session);
        harness.uplink.abandoned(session, Reason.CLIENT_DISCONNECTED);
        harness.loop.run();
        heard(master);
        FakeChannel next = redial(master);
        assertThat(heard(next)).hasSize(1); // Hello
        says(next, welcome(TWO, 0));
        assertThat(heard(next)).isEmpty();
    }

    @Test
    void aSessionThatWasNotAnnouncedIsNotKnownToTheMaster() {
        FakeSubject session = FakeSubject.known(ID);
        harness.uplink.opened(session); // owed: there is no link yet
        assertThat(harness.uplink.letGo(FakeSubject.known(8))).isFalse();
    }

    @Test
    void anAckBeforeTheAnswerAcknowledgesNothingYet() {
        FakeChannel master = connect();
        FakeSubject session = adopts(2, 5, 8);
        says(master, ack(1));
        assertThat(session.acknowledged).isEmpty();
        answers(master, session, 6, 8);
        assertThat(session.acknowledged).containsExactly(6L);
    }

    @Test
    void theAnswerToAnEarlierAdoptionChangesNothing() {
        FakeChannel master = connect();
        FakeSubject session = adopts(4, 5, 8);
        says(master, frame(ID, new Position(5, 8, 2)));
        answers(master, session, 6, 8);
        says(master, ack(1));
        assertThat(session.acknowledged).containsExactly(6L);
    }

    @Test
    void acknowledgedDataOfAnEarlierTimeDoesNotCount() {
        FakeChannel master = connect();
        FakeSubject before = opens(ID);
        begins(before, 1, 10);
        sends(before, 2, 10);
        harness.uplink.letGo(before);
        FakeSubject session = adopts(3, 2, 1);
        answers(master, session, 2, 1);
        begins(session, 3, 10);
        says(master, ack(3));
        assertThat(before.acknowledged).isEmpty();
        assertThat(session.acknowledged).isEmpty();
        says(master, ack(4));
        assertThat(session.acknowledged).containsExactly(2L);
        says(master, ack(5));
        assertThat(session.acknowledged).containsExactly(2L, 3L);
    }

    @Test
    void whatIsKeptForALetGoSessionKeepsItsNumber() {
        FakeChannel master = connect();
        FakeSubject gone = opens(ID);
        begins(gone, 1, 10);
        FakeSubject other = opens(8);
        harness.uplink.letGo(gone);
        FakeChannel next = redial(master);
        heard(next);
        says(next, welcome(ONE, 0));
        assertThat(heard(next)).containsExactly(opened(ID), data(ID, 1, 10), opened(8));
        says(next, ack(3));
        begins(other, 1, 10);
        assertThat(heard(next)).contains(data(8, 1, 10));
        assertThat(gone.acknowledged).isEmpty();
    }

    @Test
    void anotherMasterHearsNothingOfALetGoSession() {
        FakeChannel master = connect();
        FakeSubject gone = opens(ID);
        begins(gone, 1, 10);
        harness.uplink.letGo(gone);
        FakeChannel next = redial(master);
        heard(next);
        says(next, welcome(TWO, 0));
        assertThat(heard(next)).isEmpty();
    }

    @Test
    void anotherMasterHearsOfASessionThatStillWaitsAsAdopted() {
        FakeChannel master = connect();
        FakeSubject before = opens(ID);
        begins(before, 1, 10);
        harness.uplink.letGo(before);
        FakeSubject session = adopts(3, 5, 8);
        FakeChannel next = redial(master);
        heard(next);
        says(next, welcome(TWO, 0));
        assertThat(heard(next)).containsExactly(adopted(3, 5, 8));
        answers(next, session, 6, 8);
        says(next, ack(1));
        assertThat(session.acknowledged).containsExactly(6L);
    }

    @Test
    void anAdoptedSessionIsAnnouncedBeforeItsClientSpeaks() {
        use(UplinkHarness.SETTINGS, WITH_DATA);
        FakeChannel master = connect();
        adopts(2, 5, 8);
        assertThat(heard(master)).contains(adopted(2, 5, 8));
    }

    @Test
    void theMasterSaysInItsWelcomeIfItTakesPart() {
        assertThat(harness.uplink.adopts()).isEqualTo(Adopts.UNKNOWN);
        FakeChannel master = connect();
        assertThat(harness.uplink.adopts()).isEqualTo(Adopts.IS_SILENT);
        FakeChannel next = redial(master);
        assertThat(harness.uplink.adopts()).isEqualTo(Adopts.UNKNOWN);
        says(next, frame(0, new Welcome(3, ONE, 0, Welcome.ADOPTS, Attributes.EMPTY)));
        assertThat(harness.uplink.adopts()).isEqualTo(Adopts.ANSWERS);
    }

    @Test
    void answersForNobodyAreNoFault() {
        FakeChannel master = connect();
        says(master, frame(9, new Position(1, 1, 1)), frame(9, new Elsewhere(1)), frame(9, new Gap()));
        assertThat(harness.metrics.sum(Metric.MASTER_PACKET_SHORT)).isZero();
        assertThat(harness.metrics.sum(Metric.MASTER_PACKET_UNKNOWN_FLAG)).isZero();
    }
}
