package net.voltlane.server.uplink;

import static net.voltlane.server.uplink.UplinkBench.data;
import static net.voltlane.server.uplink.UplinkBench.failure;
import static net.voltlane.server.uplink.UplinkBench.hello;
import static net.voltlane.server.uplink.UplinkBench.reconnection;
import static net.voltlane.testkit.Bytes.concat;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import net.voltlane.protocol.Reason;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The master is told of a session's return, or end, once a packet of that session was sent, on whatever link. */
@ExtendWith(LeakCheck.class)
final class ToldSessionsTest {
    private final UplinkBench bench = new UplinkBench();

    @AfterEach
    void close() {
        bench.close();
    }

    private FakeChannel redial() {
        bench.loop.advance(Duration.ofSeconds(5));
        return bench.accept();
    }

    private UplinkBench.Link comesBack(UplinkBench.Link link) {
        UplinkBench.Link back = bench.new Link();
        bench.sessions.resume(back, link.id, bench.sessions.keyOf(link.id));
        return back;
    }

    @Test
    void aSessionThatBeganWhileTheMasterWasAwayIsNotAnnounced() {
        bench.lose(bench.connect());
        UplinkBench.Link link = bench.open();
        bench.up(data(link.id, 1, 7));
        FakeChannel second = redial();
        assertThat(second.taken()).isEqualTo(concat(hello(link.id), data(link.id, 1, 7)));
        assertThat(bench.reconnect(second).taken()).as("now it is known").isEqualTo(reconnection(link.id));
    }

    @Test
    void aSessionThatBeganBeforeTheMasterWasReachedIsNotAnnounced() {
        bench.uplink.start(bench.sessions);
        UplinkBench.Link link = bench.open();
        assertThat(bench.accept().taken()).isEqualTo(hello(link.id));
    }

    @Test
    void atEveryCutAFirstPacketThatWasNotWhollyTakenAnnouncesItself() {
        int length = hello(1).length;
        for (int cut = 0; cut <= length + 3; cut++) {
            UplinkBench it = new UplinkBench();
            FakeChannel first = it.connect().takes(cut);
            UplinkBench.Link link = it.open();
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
            UplinkBench it = new UplinkBench();
            FakeChannel first = it.connect().takes(cut);
            it.queue(frames[0]);
            it.uplink.failure(77, Reason.CLIENT_KICKED);
            it.uplink.reconnection(78); // not yet with the data when the session begins
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
        FakeChannel first = bench.connect();
        UplinkBench.Link known = bench.open();
        bench.lose(first);
        UplinkBench.Link late = bench.open();
        bench.loop.advance(Duration.ofSeconds(5));
        FakeChannel second = bench.dialled().takes(reconnection(known.id).length);
        second.accepted();
        bench.loop.run();
        assertThat(second.taken()).isEqualTo(reconnection(known.id));
        FakeChannel third = bench.reconnect(second);
        assertThat(third.taken()).isEqualTo(concat(reconnection(known.id), hello(late.id)));
    }

    @Test
    void aSessionThatEndedBeforeAnythingOfItWasSentIsDeliveredWholeAndInOrder() {
        bench.lose(bench.connect());
        UplinkBench.Link link = bench.open();
        bench.sessions.kick(link.id);
        bench.sessions.detached(link, List.of());
        assertThat(redial().taken()).isEqualTo(concat(hello(link.id), failure(link.id, Reason.CLIENT_KICKED)));
    }

    @Test
    void aSessionThatCameBackAndWentInSilenceIsNeverMentioned() {
        FakeChannel master = bench.connect();
        UplinkBench.Link silent = bench.openSilent();
        silent.lose();
        UplinkBench.Link back = comesBack(silent);
        FakeChannel second = bench.reconnect(master);
        back.lose();
        bench.clock.advance(Duration.ofMinutes(5));
        bench.sessions.reap();
        bench.loop.run();
        assertThat(bench.sessions.size()).isZero();
        assertThat(master.taken()).isEmpty();
        assertThat(second.taken()).isEmpty();
    }

    @Test
    void aReturnWhileTheFirstPacketWaitsIsToldBehindThatPacketAndNotBefore() {
        bench.lose(bench.connect());
        UplinkBench.Link link = bench.open();
        link.lose();
        comesBack(link);
        bench.up(data(link.id, 1, 7));
        assertThat(redial().taken()).isEqualTo(concat(hello(link.id), reconnection(link.id), data(link.id, 1, 7)));
    }

    @Test
    void aReturnWhileTheMasterIsAwayIsToldInItsPlaceBesidesTheAnnouncement() {
        FakeChannel first = bench.connect();
        UplinkBench.Link link = bench.open();
        bench.lose(first);
        bench.up(data(link.id, 1, 7));
        link.lose();
        comesBack(link);
        bench.up(data(link.id, 2, 7));
        assertThat(redial().taken())
                .as("what the old link brought belongs before the return")
                .isEqualTo(
                        concat(reconnection(link.id), data(link.id, 1, 7), reconnection(link.id), data(link.id, 2, 7)));
    }
}
