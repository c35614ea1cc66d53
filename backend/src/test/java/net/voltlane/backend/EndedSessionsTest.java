package net.voltlane.backend;

import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.voltlane.protocol.firehose3.Elsewhere;
import net.voltlane.protocol.firehose3.Gap;
import net.voltlane.protocol.firehose3.Position;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ScriptedServer3;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests of servers that tell late of a session: of what was before its end, or before its client has got on elsewhere. */
@Timeout(60)
class EndedSessionsTest {
    private static final Duration STALE = Duration.ofSeconds(300);
    private static final long ID = 7;

    private final Recorder3 recorder = new Recorder3();
    private final ScriptedServer3 one = new ScriptedServer3(1).keepsRecords(STALE);
    private final ScriptedServer3 two = new ScriptedServer3(2).keepsRecords(STALE);
    private final ScriptedServer3 three = new ScriptedServer3(3).keepsRecords(STALE);
    private TestBackend it;

    @BeforeEach
    void open() throws Exception {
        it = TestBackend.listen(recorder, BackendOptions.DEFAULT);
        for (ScriptedServer3 server : new ScriptedServer3[] {one, two, three}) {
            server.connect(it.address());
            recorder.expect("attached");
        }
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
        three.close();
        it.close();
    }

    /** The session is opened at server one, goes on at server two under epoch 2, and ends there. */
    private void endsAtTwo() throws Exception {
        one.opened(ID, 1);
        recorder.expect("7 started", "7 opened");
        two.adopted(ID, 2, 1, 1);
        assertThat(two.nextNumbered()).isEqualTo(packet(new Position(0, 1, 2)));
        recorder.expect("7 suspended: another server goes on with the session", "7 resumed from 192.0.2.2:5000");
        two.ended(ID, 15, "Client left");
        recorder.expect("7 ended: Client left");
    }

    private static ScriptedServer3.Packet packet(net.voltlane.protocol.firehose3.FirehoseMessage message) {
        return new ScriptedServer3.Packet(ID, message);
    }

    private void expectNothingMore() throws Exception {
        three.awaitAcknowledged();
        recorder.expectNothingMore();
        assertThat(it.backend.sessions()).isEmpty();
        assertThat(it.backend.stats().malformed()).isZero();
    }

    @Test
    void aServerThatClaimsASessionBehindItsEndIsToldThatItIsOver() throws Exception {
        endsAtTwo();
        three.adopted(ID, 3, 1, 1);
        assertThat(three.nextNumbered()).isEqualTo(packet(new Gap()));
        three.data(ID, utf8("late"));
        three.ended(ID, 3, "Gap");
        expectNothingMore();
    }

    @Test
    void aServerThatHadClaimedASessionBeforeItsEndBeginsNone() throws Exception {
        endsAtTwo();
        three.adopted(ID, 2, 1, 1);
        assertThat(three.nextNumbered()).isEqualTo(packet(new Elsewhere(2)));
        three.data(ID, utf8("late"));
        expectNothingMore();
    }

    @Test
    void theOpeningOfASessionThatHasEndedElsewhereBeginsNone() throws Exception {
        endsAtTwo();
        three.opened(ID, 1);
        assertThat(three.nextNumbered()).isEqualTo(packet(new Elsewhere(2)));
        expectNothingMore();
    }

    @Test
    void theLateEndOfASessionThatNobodyKnowsAnyMoreIsNoFault() throws Exception {
        three.ended(ID, 15, "Client disconnected");
        expectNothingMore();
    }

    @Test
    void aSessionWithoutRecordsMayBeginAgain() throws Exception {
        endsAtTwo();
        try (ScriptedServer3 without = new ScriptedServer3(4)) {
            without.connect(it.address());
            recorder.expect("attached");
            without.opened(ID);
            recorder.expect("7 started", "7 opened");
        }
    }

    @Test
    void theCountsOfAnOldLinkDoNotEndTheSession() throws Exception {
        one.opened(ID, 1);
        recorder.expect("7 started", "7 opened");
        Session session = recorder.session();
        for (int number = 1; number <= 4; number++) {
            session.send(Bytes.numbered(number, 20));
        }
        one.delivered(ID, 3);
        recorder.expect("7 delivered 3");
        two.adopted(ID, 2, 1, 2); // of a link that was lost long ago
        assertThat(two.nextNumbered()).isEqualTo(packet(new Position(0, 4, 2)));
        assertThat(Bytes.number(two.dataFor(ID))).isEqualTo(4);
        recorder.expect("7 suspended: another server goes on with the session", "7 resumed from 192.0.2.2:5000");
        recorder.expectNothingMore();
    }
}
