package net.voltlane.server.edge;

import static net.voltlane.server.link.Bufs.buf;
import static net.voltlane.server.link.Bufs.bytes;
import static net.voltlane.server.link.Bufs.frame;
import static net.voltlane.testkit.Bytes.concat;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.protocol.Reason;
import net.voltlane.server.edge.EdgeHarness.Master;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The rules of a link's output, one by one. Batches are put into the output by hand; its link, its session and its
 * socket are real but for the kernel.
 */
@ExtendWith(LeakCheck.class)
final class LinkOutputTest {
    private static final int FRAME_BYTES = 14;

    private EdgeHarness harness = new EdgeHarness();
    private EdgeClient client = harness.openHeard();
    private ClientLink link = linkOf(client);
    private LinkOutput output = link.output;
    /** The buffers of the batch under way. */
    private final List<ByteBuf> batch = new ArrayList<>();

    @AfterEach
    void close() {
        harness.close();
    }

    private static ClientLink linkOf(EdgeClient client) {
        return client.channel.pipeline().get(ClientLink.class);
    }

    /** Starts over with bounds for what waits. */
    private void bounds(int packets, int bytes, boolean blocks) {
        harness.close();
        harness = new EdgeHarness(new EdgeSettings(
                EdgeHarness.MAX_FRAME_BYTES,
                EdgeHarness.HANDSHAKE_TIMEOUT.toNanos(),
                new QueueBounds(packets, bytes),
                blocks,
                0));
        client = harness.openHeard();
        link = linkOf(client);
        output = link.output;
    }

    private static byte[] numbered(int number) {
        return frame(number, FRAME_BYTES - 4);
    }

    private static byte[] numbered(int first, int last) {
        byte[] all = {};
        for (int i = first; i <= last; i++) {
            all = concat(all, numbered(i));
        }
        return all;
    }

    private void arrives(byte[]... frames) {
        ByteBuf buf = buf(frames);
        batch.add(buf);
        output.frames(buf, buf.readerIndex(), buf.readableBytes());
    }

    /** Flushes, and uses the batch's buffers for something else, as a loop queue does. */
    private void batchEnds() {
        output.flush();
        for (ByteBuf buf : batch) {
            for (int i = 0; i < buf.capacity(); i++) {
                buf.setByte(i, 0x55);
            }
            buf.release();
        }
        batch.clear();
    }

    private void batch(byte[]... frames) {
        arrives(frames);
        batchEnds();
    }

    /** Has the session take the link away, and the link deliver what was queued by then. */
    private void kick() {
        harness.sessions.kick(client.id);
        harness.run();
    }

    // ---- batches

    @Test
    void nothingIsSentBeforeItsBatchHasArrived() {
        arrives(numbered(1));
        assertThat(client.rest()).isEmpty();
        batchEnds();
        assertThat(client.rest()).isEqualTo(numbered(1));
    }

    @Test
    void framesFromSeveralPlacesKeepTheirOrder() {
        arrives(numbered(1));
        arrives(numbered(2), numbered(3));
        arrives(numbered(4));
        batchEnds();
        assertThat(client.rest()).isEqualTo(numbered(1, 4));
    }

    @Test
    void framesThatWaitForTheSocketOutliveTheirBatch() {
        client.channel.takes(5);
        batch(numbered(1, 3));
        batch(numbered(4));
        client.channel.takesAll();
        assertThat(client.rest()).isEqualTo(numbered(1, 4));
    }

    // ---- bounds

    @Test
    void asManyPacketsMayWaitAsTheBoundSays() {
        bounds(3, 1_000_000, false);
        client.channel.takes(0);
        batch(numbered(1, 3));
        harness.run();
        assertThat(client.isClosed()).isFalse();
        batch(numbered(4));
        harness.run();
        assertThat(harness.master.received()).containsExactly(Master.failed(client.id, Reason.BUFFER_OVERFLOW));
    }

    @Test
    void asManyBytesMayWaitAsTheBoundSays() {
        bounds(1_000, 2 * FRAME_BYTES, false);
        client.channel.takes(0);
        batch(numbered(1, 2));
        harness.run();
        assertThat(client.isClosed()).isFalse();
        batch(frame(3, 0));
        harness.run();
        assertThat(harness.master.received()).containsExactly(Master.failed(client.id, Reason.BUFFER_OVERFLOW));
    }

    @Test
    void aPacketOverTheBoundInBytesMayWaitAlone() {
        bounds(10, 5, false);
        client.channel.takes(0);
        batch(numbered(1));
        harness.run();
        assertThat(client.isClosed()).isFalse();
    }

    @Test
    void framesThatTheSocketTakesAtOnceDoNotCount() {
        bounds(1, FRAME_BYTES, false);
        batch(numbered(1, 5));
        harness.run();
        assertThat(client.rest()).isEqualTo(numbered(1, 5));
        assertThat(client.isClosed()).isFalse();
    }

    @Test
    void anOverflowIsReportedOnce() {
        bounds(1, 1_000_000, false);
        client.channel.takes(0);
        batch(numbered(1, 2));
        batch(numbered(3)); // before the session has answered
        batch(numbered(4));
        harness.run();
        assertThat(harness.count(Metric.ENDED_BUFFER_OVERFLOW)).isOne();
        harness.advance(Duration.ofMinutes(5));
        assertThat(harness.log.lines()).hasSize(1).first().asString().contains("does not read what is sent to it");
        overflows();
        assertThat(harness.log.lines()).hasSize(2).last().asString().contains("Ended 1 session:");
    }

    /** Another client's output overflows. */
    private void overflows() {
        harness.master.received();
        client = harness.openHeard();
        output = linkOf(client).output;
        client.channel.takes(0);
        batch(numbered(1, 2));
        harness.run();
    }

    @Test
    void underBlockTheFirehoseWaitsFromTheBoundDownToHalf() {
        bounds(4, 1_000_000, true);
        client.channel.takes(0);
        batch(numbered(1, 4));
        harness.run();
        assertThat(harness.master.blocked).isFalse();
        batch(numbered(5));
        harness.run();
        assertThat(harness.master.blocked).isTrue();
        client.channel.takes(2 * FRAME_BYTES);
        output.flush();
        harness.run();
        assertThat(harness.master.blocked).as("three wait").isTrue();
        client.channel.takes(FRAME_BYTES);
        output.flush();
        harness.run();
        assertThat(harness.master.blocked).as("two wait").isFalse();
        assertThat(client.isClosed()).isFalse();
    }

    @Test
    void underBlockBytesHaveToFallToHalfAsWell() {
        bounds(1_000, 4 * FRAME_BYTES, true);
        client.channel.takes(0);
        batch(numbered(1, 5));
        harness.run();
        assertThat(harness.master.blocked).isTrue();
        client.channel.takes(2 * FRAME_BYTES);
        output.flush();
        harness.run();
        assertThat(harness.master.blocked).as("three frames wait").isTrue();
        client.channel.takesAll();
        harness.run();
        assertThat(harness.master.blocked).isFalse();
    }

    @Test
    void underBlockTheFirehoseWaitsAgainAtTheNextOverflow() {
        bounds(2, 1_000_000, true);
        for (int round = 1; round <= 2; round++) {
            client.channel.takes(0);
            batch(numbered(1, 3));
            harness.run();
            assertThat(harness.master.blocked).isTrue();
            client.channel.takesAll();
            harness.run();
            assertThat(harness.master.blocked).isFalse();
        }
        assertThat(harness.count(Metric.FIREHOSE_BLOCKED)).isEqualTo(2);
    }

    @Test
    void aLinkThatIsNotWaitedForAnyMoreIsForgotten() {
        bounds(2, 1_000_000, true);
        client.channel.takes(0);
        batch(numbered(1, 3));
        assertThat(link.context.settings().blockingLinks()).isOne();
        client.channel.takesAll();
        harness.run();
        assertThat(link.context.settings().blockingLinks()).as("all is sent").isZero();
        client.channel.takes(0);
        batch(numbered(1, 3));
        client.channel.close();
        harness.run();
        assertThat(link.context.settings().blockingLinks())
                .as("the link is lost")
                .isZero();
    }

    // ---- missed packets

    @Test
    void missedPacketsGoBeforeFramesThatWaitAlready() {
        client.channel.takes(0);
        batch(numbered(1)); // with the socket already
        batch(numbered(4));
        output.missed(List.of(buf(numbered(2)), buf(numbered(3))));
        client.channel.takesAll();
        assertThat(client.rest()).isEqualTo(numbered(1, 4));
    }

    @Test
    void missedPacketsCountAgainstNoBound() {
        bounds(1, FRAME_BYTES, false);
        client.channel.takes(0);
        output.missed(List.of(buf(numbered(1, 10)), buf(numbered(11))));
        batch(numbered(12));
        harness.run();
        assertThat(client.isClosed()).isFalse();
        batch(numbered(13));
        harness.run();
        assertThat(harness.count(Metric.ENDED_BUFFER_OVERFLOW)).isOne();
    }

    @Test
    void missedPacketsAreGivenBackFirst() {
        client.channel.takes(FRAME_BYTES + 3);
        output.missed(List.of(buf(numbered(1, 3))));
        batch(numbered(4));
        client.channel.shutdownOutput();
        assertThat(bytes(output.takeBack())).isEqualTo(numbered(2, 4));
    }

    // ---- the end

    @Test
    void framesBehindTheEndAreDropped() {
        arrives(numbered(1));
        output.end();
        arrives(numbered(2));
        batchEnds();
        assertThat(client.rest()).isEqualTo(numbered(1));
    }

    @Test
    void theEndPutsTheBatchUnderWayIntoTheQueue() {
        client.channel.takes(0);
        batch(numbered(1));
        arrives(numbered(2));
        output.end();
        client.channel.shutdownOutput();
        assertThat(bytes(output.takeBack())).isEqualTo(numbered(1, 2));
        batchEnds();
    }

    @Test
    void aFrameThatTheSocketTookInPartIsGivenBackWhole() {
        client.channel.takes(FRAME_BYTES + 1);
        batch(numbered(1, 3));
        batch(numbered(4));
        assertThat(output.remainingBytes()).isEqualTo(3 * FRAME_BYTES - 1);
        client.channel.shutdownOutput();
        assertThat(bytes(output.takeBack())).isEqualTo(numbered(2, 4));
        assertThat(output.takeBack()).isEmpty();
        assertThat(output.remainingBytes()).isZero();
    }

    @Test
    void aDroppedOutputHoldsAndTakesNothing() {
        client.channel.takes(0);
        batch(numbered(1, 2));
        client.channel.shutdownOutput();
        output.drop();
        assertThat(output.heldBytes()).isZero();
        arrives(numbered(3));
        batchEnds();
        assertThat(output.remainingBytes()).isZero();
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void aLinkThatDeliversItsLastClosesOnceAllIsSent() {
        client.channel.takes(0);
        batch(numbered(1, 2));
        kick();
        assertThat(client.isClosed()).isFalse();
        client.channel.takes(2 * FRAME_BYTES - 1);
        assertThat(client.isClosed()).isFalse();
        client.channel.takes(1);
        assertThat(client.rest()).isEqualTo(numbered(1, 2));
        assertThat(client.isClosed()).isTrue();
        assertThat(client.channel.wasReset()).isFalse();
    }

    @Test
    void bytesThatWaitForALinkThatDeliversItsLastOverflowNothing() {
        bounds(2, 1_000_000, false);
        client.channel.takes(0);
        batch(numbered(1, 2));
        kick();
        output.missed(List.of(buf(numbered(3, 9))));
        harness.run();
        assertThat(harness.count(Metric.ENDED_BUFFER_OVERFLOW)).isZero();
    }

    @Test
    void aFaultOfOursEndsTheSessionAndDropsTheBatch() {
        arrives(numbered(1));
        output.broken();
        batchEnds();
        harness.run();
        assertThat(client.channel.wasReset()).isTrue();
        assertThat(harness.master.received()).containsExactly(Master.failed(client.id, Reason.MEMORY_LIMIT));
    }

    // ---- held bytes

    @Test
    void whatWaitsIsPublishedForTheSessionLoop() {
        assertThat(output.heldBytes()).isZero();
        batch(numbered(1));
        assertThat(output.heldBytes()).as("the socket takes everything").isZero();
        client.channel.takes(0);
        batch(numbered(2, 3));
        assertThat(output.heldBytes())
                .isGreaterThanOrEqualTo(2 * FRAME_BYTES)
                .isEqualTo(harness.budget.heldBytes())
                .isEqualTo(link.heldBytes());
        long two = output.heldBytes();
        batch(numbered(4));
        assertThat(output.heldBytes()).isGreaterThan(two).isEqualTo(harness.budget.heldBytes());
        client.channel.takesAll();
        assertThat(output.heldBytes()).isZero();
    }

    // ---- the watch for dead peers

    @Test
    void whatWasSentSinceTheLastLookIsToldOnce() {
        assertThat(output.pollSent()).as("the id of the session").isTrue();
        assertThat(output.pollSent()).isFalse();
        batch(numbered(1));
        assertThat(output.pollSent()).isTrue();
        assertThat(output.pollSent()).isFalse();
    }

    @Test
    void whileFramesWaitSomethingIsAlwaysOwed() {
        client.channel.takes(0);
        batch(numbered(1));
        assertThat(output.pollSent()).isTrue();
        assertThat(output.pollSent()).isTrue();
        client.channel.takesAll();
        output.pollSent();
        assertThat(output.pollSent()).isFalse();
    }

    @Test
    void aLinkIsWatchedOnceHoweverOftenItSends() {
        harness.peers.isSilent(client.channel);
        for (int i = 0; i < 5; i++) {
            batch(numbered(i));
            output.pollSent();
        }
        harness.peers.asks();
        harness.advance(Duration.ofMillis(1_500)); // it is looked at each second
        assertThat(harness.peers.asks()).isOne();
    }

    @Test
    void aLinkThatIsNoLongerWatchedIsWatchedAgainWhenItSends() {
        harness.peers.acknowledges(client.channel);
        harness.advance(Duration.ofSeconds(3)); // a look that finds what was sent, and one that finds nothing
        harness.peers.asks();
        harness.advance(Duration.ofSeconds(3));
        assertThat(harness.peers.asks()).as("nothing was sent").isZero();
        batch(numbered(1));
        harness.advance(Duration.ofSeconds(1));
        assertThat(harness.peers.asks()).isOne();
    }

    @Test
    void aVanishedPeerIsCountedAndItsLinkIsLost() {
        output.vanished();
        harness.run();
        assertThat(harness.count(Metric.CLIENT_PEER_UNACKNOWLEDGED)).isOne();
        assertThat(harness.log.lines()).anyMatch(line -> line.contains("acknowledged nothing for 20 s"));
        assertThat(client.channel.wasReset()).isTrue();
        assertThat(output.isUp()).isFalse();
        assertThat(harness.sessions.staleSize()).isOne();
    }
}
