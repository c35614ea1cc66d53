package net.voltlane.server.uplink;

import static net.voltlane.server.uplink.UplinkHarness.data;
import static net.voltlane.server.uplink.UplinkHarness.failure;
import static net.voltlane.server.uplink.UplinkHarness.reconnection;
import static net.voltlane.testkit.Bytes.concat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Reason;
import net.voltlane.server.link.Bufs;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.link.FirehoseFlow;
import net.voltlane.server.link.Gate;
import net.voltlane.server.link.IgnoringErrors;
import net.voltlane.server.link.ManualLoop;
import net.voltlane.server.link.MemoryBudget;
import net.voltlane.server.link.Owner;
import net.voltlane.server.link.ServedTime;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.server.names.Names;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.ManualClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The rules of the queue to the master, one by one, on sockets that take as much as a test says. */
@ExtendWith(LeakCheck.class)
final class MasterQueueTest {
    private static final int BOUND_PACKETS = 4;
    private static final int BOUND_BYTES = 1_000;
    /** The size of a data packet with 5 bytes of payload. */
    private static final int PACKET_BYTES = 18;

    private final ManualClock clock = new ManualClock();
    private final ManualLoop loop = new ManualLoop(clock);
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final MemoryBudget budget = new MemoryBudget(Long.MAX_VALUE);
    private final Gate gate = new Gate(Owner.of(loop));
    private final Metrics metrics = new Metrics();
    private final List<String> events = new ArrayList<>();
    private final MasterQueue queue = queueOf(loop);
    private final List<FakeChannel> links = new ArrayList<>();

    MasterQueueTest() {
        gate.onOpen(() -> events.add("gate opened"));
    }

    private MasterQueue queueOf(EventLoop owner) {
        UplinkSettings settings = new UplinkSettings(
                "127.0.0.1",
                42001,
                100_000,
                BOUND_PACKETS,
                BOUND_BYTES,
                Duration.ofSeconds(30).toNanos(),
                0);
        MasterUplink.Dependencies dependencies = new MasterUplink.Dependencies(
                owner,
                Names.LITERALS,
                allocator,
                budget,
                gate,
                new FirehoseFlow(owner),
                new ServedTime(clock),
                () -> 0);
        return new MasterQueue(settings, dependencies, budget, metrics.newCounters(), () -> events.add("sent"));
    }

    /** A link that takes everything. */
    private FakeChannel attach(byte[]... announcements) {
        return attach(FakeChannel.connected(loop), announcements);
    }

    /** A link that takes nothing until it is told to. */
    private FakeChannel attachStalled(byte[]... announcements) {
        return attach(FakeChannel.connected(loop).takes(0), announcements);
    }

    private FakeChannel attach(FakeChannel link, byte[]... announcements) {
        link.pipeline().addLast(new IgnoringErrors());
        links.add(link);
        queue.attach(link, announcements.length == 0 ? null : Bufs.buf(announcements));
        return link;
    }

    /** The link breaks. */
    private void lose(FakeChannel link) {
        link.close();
        queue.detach();
        loop.run();
    }

    private void put(byte[]... frames) {
        ByteBuf buf = Bufs.buf(frames);
        queue.frames(buf, 0, buf.readableBytes());
        buf.release();
    }

    private void fail(long id) {
        queue.add(id, Flag.FAILURE, Bytes.utf8(Reason.CLIENT_KICKED.text()));
    }

    private void flush() {
        queue.flushSoon();
        loop.run();
    }

    private static byte[] packet(int number) {
        return data(1, number, 5);
    }

    private static byte[] failed(long id) {
        return failure(id, Reason.CLIENT_KICKED);
    }

    private long heldBack() {
        return metrics.sum(Metric.CLIENTS_HELD_BACK);
    }

    @AfterEach
    void nothingStaysCharged() {
        links.forEach(FakeChannel::close);
        queue.close();
        loop.run();
        assertThat(budget.heldBytes()).isZero();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    // ---- the order

    @Test
    void allOfATickIsOneWrite() {
        FakeChannel link = attach();
        put(packet(1));
        queue.flushSoon();
        put(packet(2));
        queue.flushSoon();
        assertThat(link.taken()).as("before the end of the tick").isEmpty();
        assertThat(loop.run()).as("two wishes, one task").isOne();
        assertThat(link.taken()).isEqualTo(concat(packet(1), packet(2)));
    }

    @Test
    void packetsOfTheServerKeepTheirPlaceAmongData() {
        FakeChannel link = attach();
        fail(7);
        put(packet(1));
        fail(8);
        fail(9);
        put(packet(2));
        flush();
        assertThat(link.taken()).isEqualTo(concat(failed(7), packet(1), failed(8), failed(9), packet(2)));
    }

    @Test
    void aPacketOfTheServerIsSentWithoutAFlush() {
        FakeChannel link = attach();
        fail(7);
        assertThat(link.taken()).isEmpty();
        loop.run();
        assertThat(link.taken()).isEqualTo(failed(7));
    }

    @Test
    void morePacketsOfTheServerThanFitIntoOneBufferStayInOrder() {
        FakeChannel link = attach();
        byte[][] all = new byte[500][];
        for (int i = 0; i < all.length; i++) {
            fail(i);
            all[i] = failed(i);
        }
        loop.run();
        assertThat(link.taken()).isEqualTo(concat(all));
    }

    @Test
    void whatComesWithoutALinkWaits() {
        put(packet(1));
        fail(7);
        flush();
        assertThat(queue.isEmpty()).isFalse();
        assertThat(attach().taken()).isEqualTo(concat(packet(1), failed(7)));
        assertThat(queue.isEmpty()).isTrue();
    }

    // ---- links that follow each other

    @Test
    void announcementsOvertakeWhatWaits() {
        put(packet(1));
        fail(7);
        flush();
        FakeChannel link = attach(reconnection(1), reconnection(2));
        assertThat(link.taken()).isEqualTo(concat(reconnection(1), reconnection(2), packet(1), failed(7)));
    }

    @Test
    void whatADeadLinkHadNotTakenGoesToTheNext() {
        FakeChannel first = attachStalled();
        put(packet(1), packet(2));
        flush();
        first.takes(PACKET_BYTES);
        fail(7);
        flush();
        lose(first);
        assertThat(first.taken()).isEqualTo(packet(1));
        assertThat(attach().taken()).isEqualTo(concat(packet(2), failed(7)));
    }

    @Test
    void aPacketThatADeadLinkTookInPartGoesAgainWhole() {
        FakeChannel first = attachStalled();
        put(packet(1), packet(2), packet(3));
        flush();
        first.takes(PACKET_BYTES + 1);
        lose(first);
        assertThat(first.taken()).hasSize(PACKET_BYTES + 1);
        assertThat(attach().taken()).isEqualTo(concat(packet(2), packet(3)));
    }

    @Test
    void announcementsThatADeadLinkHadNotTakenAreLostWithIt() {
        put(packet(1));
        FakeChannel first = attachStalled(reconnection(1), reconnection(2));
        first.takes(reconnection(1).length + 3);
        lose(first);
        assertThat(attach(reconnection(3)).taken()).isEqualTo(concat(reconnection(3), packet(1)));
    }

    @Test
    void packetsOfTheServerThatWereNotOfferedYetAreKeptToo() {
        FakeChannel first = attach();
        fail(7);
        first.close();
        queue.detach();
        loop.run();
        assertThat(first.taken()).isEmpty();
        assertThat(attach().taken()).isEqualTo(failed(7));
    }

    // ---- the bounds

    @Test
    void theGateIsShutAtTheBoundOfPacketsAndOpensAtHalf() {
        FakeChannel link = attachStalled();
        put(packet(1), packet(2), packet(3));
        flush();
        assertThat(gate.isShut()).as("one less than the bound").isFalse();
        put(packet(4));
        assertThat(gate.isShut()).as("at once, not at the end of the tick").isTrue();
        assertThat(queue.isAtBound()).isTrue();
        link.takes(PACKET_BYTES);
        flush();
        assertThat(gate.isShut()).as("three are left").isTrue();
        link.takes(PACKET_BYTES);
        flush();
        assertThat(gate.isShut()).as("half is left").isFalse();
        assertThat(queue.isAtBound()).isFalse();
        assertThat(events).containsOnlyOnce("gate opened");
        assertThat(heldBack()).isOne();
    }

    @Test
    void theGateIsShutAtTheBoundOfBytesAndOpensAtHalf() {
        FakeChannel link = attachStalled();
        put(data(1, 1, 400), data(1, 2, 400)); // 413 bytes each
        flush();
        assertThat(gate.isShut()).isFalse();
        put(data(1, 3, 200)); // 213
        assertThat(gate.isShut()).isTrue();
        link.takes(413);
        flush();
        assertThat(gate.isShut()).as("626 bytes are left").isTrue();
        link.takes(413);
        flush();
        assertThat(gate.isShut()).isFalse();
    }

    @Test
    void aShutGateRefusesNothing() {
        FakeChannel link = attachStalled();
        byte[][] all = new byte[3 * BOUND_PACKETS][];
        Arrays.setAll(all, MasterQueueTest::packet);
        put(all);
        flush();
        assertThat(gate.isShut()).isTrue();
        link.takesAll();
        loop.run();
        assertThat(link.taken()).isEqualTo(concat(all));
        assertThat(gate.isShut()).isFalse();
    }

    @Test
    void packetsOfTheServerShutNoGateAndPassAShutOne() {
        FakeChannel link = attachStalled();
        for (int i = 0; i < 100; i++) {
            fail(i);
        }
        loop.run();
        assertThat(gate.isShut()).isFalse();
        put(packet(1), packet(2), packet(3), packet(4));
        assertThat(gate.isShut()).isTrue();
        fail(100);
        loop.run();
        link.takesAll();
        loop.run();
        byte[] taken = link.taken();
        assertThat(Arrays.copyOfRange(taken, taken.length - failed(100).length, taken.length))
                .isEqualTo(failed(100));
    }

    @Test
    void packetsOfTheServerAloneComeToTheBoundOfAnswersNonetheless() {
        attachStalled();
        assertThat(queue.isAtBound()).isFalse();
        for (int i = 0; i * failed(0).length < BOUND_BYTES; i++) {
            assertThat(queue.isAtBound()).isFalse();
            fail(i);
            loop.run();
        }
        assertThat(queue.isAtBound()).isTrue();
        assertThat(gate.isShut()).isFalse();
    }

    @Test
    void aLinkThatTakesEverythingNeverShutsTheGate() {
        FakeChannel link = attach();
        byte[][] all = new byte[10 * BOUND_PACKETS][];
        Arrays.setAll(all, MasterQueueTest::packet);
        put(all);
        flush();
        assertThat(link.taken()).isEqualTo(concat(all));
        assertThat(heldBack()).isZero();
    }

    @Test
    void withoutALinkTheBoundHoldsAsWell() {
        put(packet(1), packet(2), packet(3), packet(4));
        assertThat(gate.isShut()).isTrue();
        attach();
        assertThat(gate.isShut()).isFalse();
    }

    @Test
    void whatIsTakenBackFromADeadLinkCountsAgain() {
        FakeChannel link = attachStalled();
        put(packet(1), packet(2), packet(3), packet(4));
        flush();
        link.takes(2 * PACKET_BYTES - 1);
        flush();
        assertThat(gate.isShut()).as("three are left").isTrue();
        lose(link);
        assertThat(gate.isShut()).isTrue();
        attach();
        assertThat(gate.isShut()).isFalse();
    }

    @Test
    void whatWasNotOfferedYetCountsAsSoonAsTheLinkIsDead() {
        FakeChannel link = attach();
        put(packet(1), packet(2), packet(3), packet(4));
        assertThat(gate.isShut()).as("the tick goes on").isFalse();
        link.close();
        queue.detach();
        assertThat(gate.isShut()).isTrue();
        attach();
        assertThat(gate.isShut()).isFalse();
    }

    @Test
    void aLargeBacklogThatTheLinkDoesNotTakeShutsTheGateWithinTheTick() {
        FakeChannel link = attachStalled();
        put(data(1, 1, 100_000));
        put(data(1, 2, 100_000));
        assertThat(gate.isShut()).isFalse();
        put(data(1, 3, 100_000));
        assertThat(gate.isShut()).isTrue();
        link.takesAll();
        assertThat(gate.isShut()).isFalse();
    }

    @Test
    void aLargeBacklogIsOfferedWithinTheTick() {
        FakeChannel link = attach();
        for (int i = 0; i < 2; i++) {
            put(data(1, i, 100_000));
        }
        assertThat(link.taken()).isEmpty();
        put(data(1, 3, 100_000));
        assertThat(link.taken()).hasSize(3 * 100_013);
    }

    // ---- the position

    @Test
    void thePositionCountsAllThatWasEverQueued() {
        assertThat(queue.position()).isZero();
        put(packet(1));
        assertThat(queue.position()).isEqualTo(PACKET_BYTES);
        fail(7);
        int both = PACKET_BYTES + failed(7).length;
        assertThat(queue.position())
                .as("packets of the server that wait for data included")
                .isEqualTo(both);
        attach();
        loop.run();
        assertThat(queue.position()).as("sent or not").isEqualTo(both);
    }

    @Test
    void announcementsAreNotPartOfTheStream() {
        put(packet(1));
        attach(reconnection(1), reconnection(2));
        assertThat(queue.position()).isEqualTo(PACKET_BYTES);
        assertThat(queue.sentBytes()).isEqualTo(PACKET_BYTES);
    }

    @Test
    void whatWasSentEndsWithTheLastPacketThatALinkHasWhollyTaken() {
        FakeChannel link = attachStalled();
        put(packet(1), packet(2));
        fail(7);
        flush();
        link.takes(PACKET_BYTES + 5);
        lose(link);
        assertThat(queue.sentBytes()).isEqualTo(PACKET_BYTES);
        assertThat(queue.position()).isEqualTo(2 * PACKET_BYTES + failed(7).length);
    }

    @Test
    void packetsOfTheServerThatWereNotOfferedYetAreNotSent() {
        attach();
        put(packet(1));
        flush();
        fail(7);
        assertThat(queue.sentBytes()).isEqualTo(PACKET_BYTES);
        loop.run();
        assertThat(queue.sentBytes()).isEqualTo(queue.position());
    }

    // ---- the end

    @Test
    void itTellsWheneverSomethingMayHaveBeenSent() {
        FakeChannel link = attachStalled();
        events.clear();
        put(packet(1));
        flush();
        assertThat(events).containsExactly("sent");
        assertThat(queue.isEmpty()).isFalse();
        events.clear();
        link.takesAll();
        loop.run();
        assertThat(events).contains("sent");
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void aClosedQueueKeepsNothing() {
        put(packet(1));
        fail(7);
        queue.close();
        put(packet(2));
        fail(8);
        loop.run();
        assertThat(queue.isEmpty()).isTrue();
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void itBelongsToTheSessionLoop() {
        EventLoop another = new DefaultEventLoop();
        MasterQueue elsewhere = queueOf(another);
        assertThatThrownBy(elsewhere::flushSoon).isInstanceOf(AssertionError.class);
        assertThatThrownBy(elsewhere::position).isInstanceOf(AssertionError.class);
        another.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
