package net.voltlane.server.uplink;

import static net.voltlane.server.uplink.UplinkHarness.data;
import static net.voltlane.server.uplink.UplinkHarness.failure;
import static net.voltlane.server.uplink.UplinkHarness.hello;
import static net.voltlane.server.uplink.UplinkHarness.reconnection;
import static net.voltlane.testkit.Bytes.concat;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import net.voltlane.protocol.Reason;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.session.SessionDoors;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The master is told that a session is resumed or has ended only after a packet of that session was sent, on any link. */
@ExtendWith(LeakCheck.class)
final class ToldSessionsTest {
    private final UplinkHarness harness = new UplinkHarness();

    @AfterEach
    void close() {
        harness.close();
    }

    private FakeChannel redial() {
        harness.loop.advance(Duration.ofSeconds(5));
        return harness.accept();
    }

    private UplinkHarness.Link comesBack(UplinkHarness.Link link) {
        UplinkHarness.Link back = harness.new Link();
        harness.sessions.resume(back, SessionDoors.find(harness.sessions, link.id));
        return back;
    }

    @Test
    void aSessionThatBeganWhileTheMasterWasAwayIsNotAnnounced() {
        harness.lose(harness.connect());
        UplinkHarness.Link link = harness.open();
        harness.up(data(link.id, 1, 7));
        FakeChannel second = redial();
        assertThat(second.taken()).isEqualTo(concat(hello(link.id), data(link.id, 1, 7)));
        assertThat(harness.reconnect(second).taken()).as("now it is known").isEqualTo(reconnection(link.id));
    }

    @Test
    void aSessionThatBeganBeforeTheMasterWasReachedIsNotAnnounced() {
        harness.uplink.start(harness.sessions);
        UplinkHarness.Link link = harness.open();
        assertThat(harness.accept().taken()).isEqualTo(hello(link.id));
    }

    @Test
    void atEveryCutAFirstPacketThatWasNotWhollyTakenAnnouncesItself() {
        int length = hello(1).length;
        for (int cut = 0; cut <= length + 3; cut++) {
            UplinkHarness it = new UplinkHarness();
            FakeChannel first = it.connect().takes(cut);
            UplinkHarness.Link link = it.open();
            it.up(data(link.id, 1, 7));
            byte[] rest = data(link.id, 1, 7);
            assertThat(it.reconnect(first).taken())
                    .as("cut after %d of %d bytes", cut, length)
                    .isEqualTo(cut < length ? concat(hello(link.id), rest) : concat(reconnection(link.id), rest));
            it.close();
        }
    }

    @Test
    void whatWasQueuedBeforeTheFirstPacketIsNoPartOfTheSession() {
        byte[][] frames = {data(77, 1, 9), failure(77, Reason.CLIENT_KICKED), reconnection(78), hello(1)};
        int all = concat(frames).length;
        for (int cut = 0; cut <= all; cut++) {
            UplinkHarness it = new UplinkHarness();
            FakeChannel first = it.connect().takes(cut);
            it.queue(frames[0]);
            it.ends(77, Reason.CLIENT_KICKED);
            it.resumes(78); // not yet with the data when the session begins
            it.open();
            byte[] expected = {};
            for (int i = 0, end = 0; i < frames.length; i++) {
                end += frames[i].length;
                expected = end <= cut ? expected : concat(expected, frames[i]);
            }
            assertThat(it.reconnect(first).taken())
                    .as("cut after %d of %d bytes", cut, all)
                    .isEqualTo(cut < all ? expected : reconnection(1));
            it.close();
        }
    }

    @Test
    void announcementsAreNoPartOfWhatWasSent() {
        FakeChannel first = harness.connect();
        UplinkHarness.Link known = harness.open();
        harness.lose(first);
        UplinkHarness.Link late = harness.open();
        harness.loop.advance(Duration.ofSeconds(5));
        FakeChannel second = harness.dialled().takes(reconnection(known.id).length);
        second.accepted();
        harness.loop.run();
        assertThat(second.taken()).isEqualTo(reconnection(known.id));
        FakeChannel third = harness.reconnect(second);
        assertThat(third.taken()).isEqualTo(concat(reconnection(known.id), hello(late.id)));
    }

    @Test
    void aSessionThatEndedBeforeAnythingOfItWasSentIsDeliveredWholeAndInOrder() {
        harness.lose(harness.connect());
        UplinkHarness.Link link = harness.open();
        harness.sessions.kick(link.id);
        harness.sessions.detached(link, List.of());
        assertThat(redial().taken()).isEqualTo(concat(hello(link.id), failure(link.id, Reason.CLIENT_KICKED)));
    }

    @Test
    void aSessionThatCameBackAndWentInSilenceIsNeverMentioned() {
        FakeChannel master = harness.connect();
        UplinkHarness.Link silent = harness.openSilent();
        silent.lose();
        UplinkHarness.Link back = comesBack(silent);
        FakeChannel second = harness.reconnect(master);
        back.lose();
        harness.clock.advance(Duration.ofMinutes(5));
        harness.sessions.reap();
        harness.loop.run();
        assertThat(harness.sessions.size()).isZero();
        assertThat(master.taken()).isEmpty();
        assertThat(second.taken()).isEmpty();
    }

    @Test
    void aReturnWhileTheFirstPacketWaitsIsToldBehindThatPacketAndNotBefore() {
        harness.lose(harness.connect());
        UplinkHarness.Link link = harness.open();
        link.lose();
        comesBack(link);
        harness.up(data(link.id, 1, 7));
        assertThat(redial().taken()).isEqualTo(concat(hello(link.id), reconnection(link.id), data(link.id, 1, 7)));
    }

    @Test
    void aReturnWhileTheMasterIsAwayIsToldInItsPlaceBesidesTheAnnouncement() {
        FakeChannel first = harness.connect();
        UplinkHarness.Link link = harness.open();
        harness.lose(first);
        harness.up(data(link.id, 1, 7));
        link.lose();
        comesBack(link);
        harness.up(data(link.id, 2, 7));
        assertThat(redial().taken())
                .as("what the old link brought belongs before the return")
                .isEqualTo(
                        concat(reconnection(link.id), data(link.id, 1, 7), reconnection(link.id), data(link.id, 2, 7)));
    }
}
