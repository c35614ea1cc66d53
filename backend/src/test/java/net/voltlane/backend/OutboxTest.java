package net.voltlane.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.voltlane.backend.Outbox.Result;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Tag;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ManualClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OutboxTest {

    private static final int HEADER = Tag.FRAME_HEADER_BYTES;
    private static final int CHUNK = 100;
    private static final int BOUND = 200;

    private final ManualClock clock = new ManualClock();
    private final Outbox outbox = new Outbox(BOUND, CHUNK, clock);

    @Test
    void packetsThatWaitGoOutTogetherInOrder() throws Exception {
        send(1, 10);
        send(2, 0);
        outbox.append(3, ByteBuffer.wrap(new byte[] {9, 8, 7, 6}, 1, 2), false);
        outbox.appendKick(1);

        assertThat(written(outbox.take()))
                .isEqualTo(Bytes.concat(
                        frame(1, 10),
                        frame(2, 0),
                        Tag.frame(3, Flag.DATA, new byte[] {8, 7}),
                        Tag.frame(1, Flag.KICK, new byte[0])));
    }

    @Test
    void aBufferThatWasSentIsAsItWas() {
        ByteBuffer buffer = ByteBuffer.wrap(new byte[10], 2, 5);
        outbox.append(1, buffer, false);
        assertThat(buffer.position()).isEqualTo(2);
        assertThat(buffer.limit()).isEqualTo(7);
    }

    @Test
    void aFrameIsNeverSplitOverChunks() throws Exception {
        send(1, 40);
        send(2, 40);
        send(3, 20);

        assertThat(written(outbox.take())).isEqualTo(frame(1, 40));
        assertThat(written(outbox.take())).isEqualTo(Bytes.concat(frame(2, 40), frame(3, 20)));
    }

    @Test
    void aPacketLargerThanAChunkOrTheBoundFitsIntoAnEmptyQueue() throws Exception {
        assertThat(send(1, 1000)).isEqualTo(Result.QUEUED);
        assertThat(send(2, 0)).isEqualTo(Result.REFUSED);
        assertThat(written(outbox.take())).isEqualTo(frame(1, 1000));
        assertThat(send(2, 0)).isEqualTo(Result.QUEUED);
    }

    @Test
    void theBoundCountsWhatTheSocketHasNotTaken() throws Exception {
        fill();
        assertThat(outbox.isWritable()).isFalse();
        assertThat(outbox.queuedBytes()).isEqualTo(BOUND);
        assertThat(send(3, 0)).isEqualTo(Result.REFUSED);

        Chunk chunk = outbox.take();
        assertThat(chunk).isNotNull();
        assertThat(send(3, 0)).isEqualTo(Result.REFUSED);
        outbox.taken(chunk, HEADER);
        assertThat(send(3, 0)).isEqualTo(Result.QUEUED);
        assertThat(send(3, 0)).isEqualTo(Result.REFUSED);
    }

    @Test
    void afterARefusalWritableIsCalledOnceWhenHalfOfTheBufferIsFree() throws Exception {
        fill();
        Chunk first = outbox.take();
        assertThat(first).isNotNull();
        send(3, 0);

        assertThat(outbox.taken(first, 99)).isFalse();
        assertThat(outbox.taken(first, 1)).isTrue();
        Chunk second = outbox.take();
        assertThat(second).isNotNull();
        assertThat(outbox.taken(second, 1)).isFalse();
    }

    @Test
    void writableIsNotCalledWithoutARefusal() throws Exception {
        fill();
        Chunk first = outbox.take();
        assertThat(first).isNotNull();
        assertThat(outbox.taken(first, 100)).isFalse();
    }

    @Test
    void aSenderThatMayWaitWaitsForRoom() throws Exception {
        fill();
        CompletableFuture<Result> sender = sendWaiting();
        Chunk chunk = outbox.take();
        assertThat(chunk).isNotNull();
        outbox.taken(chunk, 99);
        assertThat(sender).isNotDone();

        outbox.taken(chunk, 1);

        assertThat(sender.get(10, TimeUnit.SECONDS)).isEqualTo(Result.QUEUED);
    }

    @Test
    void sendersDoNotWaitForALostLink() throws Exception {
        fill();
        CompletableFuture<Result> sender = sendWaiting();

        outbox.breakOff();

        assertThat(sender.get(10, TimeUnit.SECONDS)).isEqualTo(Result.REFUSED);
        assertThat(outbox.append(3, new byte[0], 0, 0, true)).isEqualTo(Result.REFUSED);
        assertThat(outbox.take()).isNull();
    }

    @Test
    void anInterruptEndsAWaitAndStaysSet() throws Exception {
        fill();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread sender = new Thread(() -> {
            Result result = outbox.append(3, new byte[0], 0, 0, true);
            interrupted.complete(
                    result == Result.REFUSED && Thread.currentThread().isInterrupted());
        });
        sender.start();
        sender.interrupt();
        assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
        sender.join();
    }

    @Test
    void framesNotTakenWholeAreGivenBackInOrder() throws Exception {
        send(1, 10);
        send(2, 10);
        send(3, 10);
        Chunk chunk = outbox.take();
        assertThat(chunk).isNotNull();
        send(4, 10);
        outbox.appendKick(4);
        outbox.taken(chunk, HEADER + 10 + 1); // the first frame, and the first byte of the second
        outbox.breakOff();
        send(5, 10);

        List<byte[]> leftovers = close();

        assertThat(leftovers)
                .containsExactly(
                        frame(2, 10), frame(3, 10), frame(4, 10), Tag.frame(4, Flag.KICK, new byte[0]), frame(5, 10));
        assertThat(send(6, 10)).isEqualTo(Result.CLOSED);
        assertThat(outbox.queuedBytes()).isZero();
    }

    @Test
    void aFrameThatWasTakenToItsLastByteIsNotGivenBack() throws Exception {
        send(1, 10);
        send(2, 10);
        Chunk chunk = outbox.take();
        assertThat(chunk).isNotNull();
        outbox.taken(chunk, HEADER + 10);
        outbox.breakOff();

        assertThat(close()).containsExactly(frame(2, 10));
    }

    @Test
    void anOrderlyEndWritesWhatIsThereAndTakesNothingMore() throws Exception {
        send(1, 10);
        outbox.finish();

        assertThat(send(2, 10)).isEqualTo(Result.REFUSED);
        outbox.appendKick(2);
        assertThat(written(outbox.take())).isEqualTo(frame(1, 10));
        assertThat(outbox.take()).isNull();
    }

    @Test
    void theWriterWaitsForWork() throws Exception {
        CompletableFuture<byte[]> writer = takeOnAnotherThread();
        send(1, 10);
        assertThat(writer.get(10, TimeUnit.SECONDS)).isEqualTo(frame(1, 10));
    }

    @Test
    void aFullChunkDoesNotWaitForTheEndOfABurst() throws Exception {
        outbox.beginBurst();
        send(1, CHUNK);
        assertThat(written(outbox.take())).isEqualTo(frame(1, CHUNK));
    }

    @Test
    void aBurstThatTakesItsTimeIsNotWaitedForLong() throws Exception {
        outbox.beginBurst();
        send(1, 10);
        assertThat(written(outbox.take())).isEqualTo(frame(1, 10));
    }

    @Test
    void theStallIsMeasuredFromTheLastByteThatWasTaken() throws Exception {
        clock.advance(Duration.ofSeconds(100));
        assertThat(stalledSecs()).isZero();
        send(1, 10);
        clock.advance(Duration.ofSeconds(3));
        assertThat(stalledSecs()).isEqualTo(3);
        send(2, 10);
        assertThat(stalledSecs()).isEqualTo(3);

        Chunk chunk = outbox.take();
        assertThat(chunk).isNotNull();
        outbox.taken(chunk, 1);
        assertThat(stalledSecs()).isZero();
        clock.advance(Duration.ofSeconds(2));
        assertThat(stalledSecs()).isEqualTo(2);
        outbox.taken(chunk, chunk.filled() - 1);
        assertThat(stalledSecs()).isZero();
    }

    /** Fills an outbox to its bound, with two whole chunks. */
    private void fill() {
        assertThat(send(1, CHUNK - HEADER)).isEqualTo(Result.QUEUED);
        assertThat(send(2, CHUNK - HEADER)).isEqualTo(Result.QUEUED);
    }

    private Result send(long id, int length) {
        return outbox.append(id, data(length), 0, length, false);
    }

    private CompletableFuture<Result> sendWaiting() {
        CompletableFuture<Result> result = new CompletableFuture<>();
        Thread sender = new Thread(() -> result.complete(outbox.append(3, new byte[0], 0, 0, true)));
        sender.start();
        await().until(() -> sender.getState() == Thread.State.WAITING);
        return result;
    }

    private CompletableFuture<byte[]> takeOnAnotherThread() {
        CompletableFuture<byte[]> result = new CompletableFuture<>();
        Thread writer = new Thread(() -> {
            try {
                result.complete(written(outbox.take()));
            } catch (InterruptedException e) {
                result.completeExceptionally(e);
            }
        });
        writer.start();
        await().until(() -> writer.getState() == Thread.State.WAITING);
        return result;
    }

    private List<byte[]> close() {
        List<byte[]> leftovers = new ArrayList<>();
        outbox.close(
                (id, flag, bytes, offset, length) -> leftovers.add(Arrays.copyOfRange(bytes, offset, offset + length)));
        return leftovers;
    }

    /** Takes a whole chunk, three bytes at a time, and returns its bytes. */
    private byte[] written(Chunk chunk) {
        assertThat(chunk).isNotNull();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int left = chunk.filled();
        while (left > 0) {
            ByteBuffer next = chunk.next(3);
            int count = next.remaining();
            all.write(next.array(), next.position(), count);
            outbox.taken(chunk, count);
            left -= count;
        }
        return all.toByteArray();
    }

    private long stalledSecs() {
        return TimeUnit.NANOSECONDS.toSeconds(outbox.stalledNanos(clock.getAsLong()));
    }

    private static byte[] frame(long id, int length) {
        return Tag.frame(id, Flag.DATA, data(length));
    }

    private static byte[] data(int length) {
        byte[] data = new byte[length];
        Arrays.fill(data, (byte) length);
        return data;
    }
}
