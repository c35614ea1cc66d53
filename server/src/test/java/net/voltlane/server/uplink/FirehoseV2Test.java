package net.voltlane.server.uplink;

import static net.voltlane.server.uplink.UplinkHarness.data;
import static net.voltlane.server.uplink.UplinkHarness.failure;
import static net.voltlane.server.uplink.UplinkHarness.reconnection;
import static net.voltlane.testkit.Bytes.concat;
import static org.assertj.core.api.Assertions.assertThat;

import net.voltlane.protocol.Reason;
import net.voltlane.server.link.Bufs;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.session.MasterPort;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The events of a session's life as version 2 tells them. {@link FirehoseReaderTest} has the other direction. */
@ExtendWith(LeakCheck.class)
final class FirehoseV2Test {
    private final UplinkHarness harness = new UplinkHarness();
    private final MasterPort port = harness.uplink;
    private final FakeSubject known = FakeSubject.known(7);
    private final FakeSubject unknown = FakeSubject.unknown(8);

    @AfterEach
    void close() {
        harness.close();
    }

    private byte[] told(FakeChannel master) {
        harness.loop.run();
        return master.taken();
    }

    @Test
    void aResumeIsAReconnection() {
        FakeChannel master = harness.connect();
        port.resumed(known, false);
        assertThat(told(master)).isEqualTo(reconnection(7));
    }

    @Test
    void anEndIsAFailureWithItsReason() {
        FakeChannel master = harness.connect();
        port.ended(known, Reason.CLIENT_EVICTED, new byte[0]);
        assertThat(told(master)).isEqualTo(failure(7, Reason.CLIENT_EVICTED));
    }

    @Test
    void aSessionThatTheMasterDoesNotKnowIsNotTalkedOf() {
        FakeChannel master = harness.connect();
        port.resumed(unknown, true);
        port.ended(unknown, Reason.CLIENT_EVICTED, new byte[0]);
        assertThat(told(master)).isEmpty();
    }

    @Test
    void whatVersion2DoesNotKnowHasNoPacket() {
        FakeChannel master = harness.connect();
        port.opened(known);
        port.dataFollows(known);
        port.suspended(known, "reset");
        port.delivered(known);
        port.slow(known, 1);
        port.ready(known, 0);
        assertThat(told(master)).isEmpty();
    }

    @Test
    void theMasterAcknowledgesNothingAndWantsToKnowNothing() {
        assertThat(port.acknowledges()).isFalse();
        assertThat(port.wantsDelivered()).isFalse();
    }

    @Test
    void anIdWithoutASessionIsAnsweredWithAFailure() {
        FakeChannel master = harness.connect();
        assertThat(port.notFound(9)).isTrue();
        assertThat(told(master)).isEqualTo(failure(9, Reason.CLIENT_NOT_FOUND));
    }

    @Test
    void aFirstPacketBeginsBehindAllThatWasQueued() {
        FakeChannel master = harness.connect();
        assertThat(port.firstPacket(unknown)).isZero();
        harness.queue(data(7, 1, 5));
        port.ended(known, Reason.CLIENT_KICKED, new byte[0]);
        byte[] queued = concat(data(7, 1, 5), failure(7, Reason.CLIENT_KICKED));
        assertThat(port.firstPacket(unknown)).isEqualTo(queued.length);
        assertThat(told(master)).isEqualTo(queued);
    }

    @Test
    void onlyDataCountsAgainstTheBounds() {
        byte[] frames = concat(data(1, 1, 5), failure(1, Reason.CLIENT_KICKED), reconnection(1));
        var buf = Bufs.buf(frames);
        int failure = data(1, 1, 5).length;
        int reconnection = failure + failure(1, Reason.CLIENT_KICKED).length;
        assertThat(FirehoseV2.isData(buf, 0)).isTrue();
        assertThat(FirehoseV2.isData(buf, failure)).isFalse();
        assertThat(FirehoseV2.isData(buf, reconnection)).isFalse();
        buf.release();
    }
}
