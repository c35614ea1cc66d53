package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.testkit.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests of the send queue. It only passes links on, so none of them is connected. */
@Timeout(60)
final class SendQueueTest {

    private final ClientException over = new SessionGoneException("over", null);

    private final ByteBuffer batch = ByteBuffer.allocate(20);
    private final Link link = newLink();

    private static Link newLink() {
        Link link = Link.unconnected(List.of(), 1);
        link.close();
        return link;
    }

    private static SendQueue queue(int packets, long bytes, SendPolicy policy) {
        return new SendQueue(new QueueBounds(packets, bytes), policy);
    }

    private static byte[] frame(String text) {
        return Frame.of(Bytes.utf8(text));
    }

    private static void add(SendQueue queue, String... texts) throws Exception {
        for (String text : texts) {
            queue.add(frame(text), true);
        }
    }

    private byte[] nextBatch(SendQueue queue) {
        assertThat(queue.next(batch)).isSameAs(link);
        byte[] bytes = new byte[batch.remaining()];
        batch.get(bytes);
        return bytes;
    }

    @Test
    void queuedFramesGoOutInOneBatch() throws Exception {
        SendQueue queue = queue(10, 100, SendPolicy.FAIL);
        add(queue, "a", "", "bcd");
        queue.attach(link);
        assertThat(nextBatch(queue)).isEqualTo(Bytes.concat(frame("a"), frame(""), frame("bcd")));
    }

    @Test
    void aFrameThatIsLongerThanABatchGoesOutInPieces() throws Exception {
        SendQueue queue = queue(10, 100, SendPolicy.FAIL);
        byte[] all = Bytes.concat(frame("0123456789"), frame("abcdefghijklmnopqrstuvwxyz0123456789"), frame("z"));
        add(queue, "0123456789", "abcdefghijklmnopqrstuvwxyz0123456789", "z");
        queue.attach(link);
        byte[] out = {};
        while (out.length < all.length) {
            byte[] piece = nextBatch(queue);
            queue.written(piece.length);
            out = Bytes.concat(out, piece);
        }
        assertThat(out).isEqualTo(all);
    }

    /** Tries every number of bytes that the kernel may have taken when the link dies. */
    @Test
    void afterALinkIsLostAFrameTakenInPartGoesAgainWholeAndOneTakenWholeDoesNot() throws Exception {
        byte[][] frames = {frame("abc"), frame(""), frame("de")};
        byte[] all = Bytes.concat(frames);
        for (int taken = 0; taken <= all.length; taken++) {
            SendQueue queue = queue(10, 100, SendPolicy.FAIL);
            add(queue, "abc", "", "de");
            queue.attach(link);
            nextBatch(queue);
            queue.written(taken / 2);
            queue.written(taken - taken / 2);
            queue.failed(0);
            queue.detach();
            add(queue, "new");
            queue.attach(link);
            int wholly = 0;
            for (int i = 0, end = 0; i < frames.length; i++) {
                end += frames[i].length;
                wholly = end <= taken ? end : wholly;
            }
            byte[] expected = Bytes.concat(Arrays.copyOfRange(all, wholly, all.length), frame("new"));
            byte[] out = nextBatch(queue);
            if (out.length < expected.length) { // the batch had no room for all frames
                queue.written(out.length);
                out = Bytes.concat(out, nextBatch(queue));
            }
            assertThat(out).as("taken: %d", taken).isEqualTo(expected);
        }
    }

    @Test
    void aLongFrameOfWhichSomeBatchesWereTakenStartsOver() throws Exception {
        SendQueue queue = queue(10, 100, SendPolicy.FAIL);
        String text = "abcdefghijklmnopqrstuvwxyz0123456789";
        add(queue, text, "next");
        queue.attach(link);
        queue.written(nextBatch(queue).length);
        nextBatch(queue);
        queue.written(3);
        queue.failed(0);
        queue.detach();
        queue.attach(link);
        assertThat(nextBatch(queue)).isEqualTo(Arrays.copyOf(frame(text), 20));
    }

    @Test
    void underFailABoundIsAnException() throws Exception {
        SendQueue queue = queue(2, 10, SendPolicy.FAIL);
        add(queue, "a", "b");
        assertThatThrownBy(() -> add(queue, "c"))
                .isInstanceOf(SendQueueFullException.class)
                .hasMessage("2 packets of 2 bytes are waiting to be sent (limits: 2 packets, 10 bytes)");
        queue.attach(link);
        assertThat(nextBatch(queue)).isEqualTo(Bytes.concat(frame("a"), frame("b")));
        add(queue, "c");
    }

    @Test
    void bytesAreBoundedToo() throws Exception {
        SendQueue queue = queue(10, 10, SendPolicy.FAIL);
        add(queue, "12345", "12345", "");
        assertThatThrownBy(() -> add(queue, "1")).isInstanceOf(SendQueueFullException.class);
    }

    @Test
    void onePacketAlwaysFitsIntoAnEmptyQueue() throws Exception {
        SendQueue queue = queue(10, 10, SendPolicy.FAIL);
        add(queue, "longer than ten bytes");
        assertThatThrownBy(() -> add(queue, "")).isInstanceOf(SendQueueFullException.class);
    }

    @Test
    void underDropOldestTheOldestGiveWayAndAreCounted() throws Exception {
        SendQueue queue = queue(3, 8, SendPolicy.DROP_OLDEST);
        add(queue, "1", "2", "3", "4");
        assertThat(queue.discarded()).isEqualTo(1);
        add(queue, "1234567");
        assertThat(queue.discarded()).isEqualTo(3);
        queue.attach(link);
        assertThat(nextBatch(queue)).isEqualTo(Bytes.concat(frame("4"), frame("1234567")));
    }

    @Test
    void aFrameInFlightIsNeverDropped() throws Exception {
        SendQueue queue = queue(1, 100, SendPolicy.DROP_OLDEST);
        add(queue, "abcdefghijklmnopqrstuvwxyz");
        queue.attach(link);
        byte[] first = nextBatch(queue);
        queue.written(first.length);
        add(queue, "1", "2", "3");
        byte[] second = nextBatch(queue);
        assertThat(Bytes.concat(first, second))
                .startsWith(frame("abcdefghijklmnopqrstuvwxyz"))
                .endsWith(frame("3"));
        assertThat(queue.discarded()).isEqualTo(2);
    }

    @Test
    void underWaitSendersWaitForRoom() throws Exception {
        SendQueue queue = queue(1, 100, SendPolicy.WAIT);
        add(queue, "a");
        CompletableFuture<Void> second = new CompletableFuture<>();
        Thread sender = sender(queue, second);
        queue.attach(link);
        assertThat(nextBatch(queue)).isEqualTo(frame("a"));
        second.get(20, TimeUnit.SECONDS);
        sender.join();
        queue.written(frame("a").length);
        assertThat(nextBatch(queue)).isEqualTo(frame("waited"));
    }

    @Test
    void theEndWakesSendersThatWaitAndDiscardsTheRest() throws Exception {
        SendQueue queue = queue(1, 100, SendPolicy.WAIT);
        add(queue, "a");
        CompletableFuture<Void> second = new CompletableFuture<>();
        Thread sender = sender(queue, second);
        assertThat(queue.end(over)).isEqualTo(1);
        assertThatThrownBy(() -> second.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(SessionGoneException.class);
        sender.join();
        assertThat(queue.discarded()).isEqualTo(1);
        assertThat(queue.next(batch)).isNull();
    }

    @Test
    void anInterruptEndsTheWaitAndThePacketIsNotSent() throws Exception {
        SendQueue queue = queue(1, 100, SendPolicy.WAIT);
        add(queue, "a");
        CompletableFuture<Void> second = new CompletableFuture<>();
        Thread sender = sender(queue, second);
        sender.interrupt();
        assertThatThrownBy(() -> second.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(InterruptedException.class);
        sender.join();
        assertThat(queue.clear(new SessionGoneException("the session is gone", null)))
                .isEqualTo(1);
    }

    @Test
    void inACallbackAFullQueueIsAnException() throws Exception {
        SendQueue queue = queue(1, 100, SendPolicy.WAIT);
        add(queue, "a");
        assertThatThrownBy(() -> queue.add(frame("b"), false)).isInstanceOf(SendQueueFullException.class);
    }

    @Test
    void beforeTheOutputIsShutTheRestGoesOut() throws Exception {
        SendQueue queue = queue(10, 100, SendPolicy.WAIT);
        add(queue, "a");
        queue.attach(link);
        queue.finish(over);
        assertThatThrownBy(() -> add(queue, "b")).isInstanceOf(SessionGoneException.class);
        byte[] out = nextBatch(queue);
        assertThat(out).isEqualTo(frame("a"));
        queue.written(out.length);
        assertThat(nextBatch(queue)).isEmpty();
        queue.end(over);
        assertThat(queue.next(batch)).isNull();
    }

    @Test
    void aFailedWriterIsToldWhetherTheLinkWasDetached() throws Exception {
        SendQueue queue = queue(10, 100, SendPolicy.WAIT);
        add(queue, "a");
        queue.attach(link);
        nextBatch(queue);
        assertThat(queue.failed(1)).isFalse();
        CompletableFuture<Boolean> letGo = new CompletableFuture<>();
        Thread writer = new Thread(() -> letGo.complete(queue.failed(TimeUnit.SECONDS.toNanos(20))));
        writer.start();
        await().until(() -> writer.getState() == Thread.State.TIMED_WAITING);
        queue.detach();
        assertThat(letGo.get(20, TimeUnit.SECONDS)).isTrue();
        writer.join();
    }

    /** Starts a thread that sends "waited", and returns it once it waits for room. */
    private static Thread sender(SendQueue queue, CompletableFuture<Void> done) {
        Thread sender = new Thread(() -> {
            try {
                add(queue, "waited");
                done.complete(null);
            } catch (Exception e) {
                done.completeExceptionally(e);
            }
        });
        sender.start();
        await().until(() -> sender.getState() == Thread.State.WAITING);
        return sender;
    }

    /** A thread waits for room, and its session is replaced by one without acknowledgements: no future may hang. */
    @Test
    void aFutureIsRefusedWhereNobodyWillCompleteIt() throws Exception {
        QueueBounds one = new QueueBounds(1, 100);
        Version3Sends version3 = new Version3Sends(new Unacknowledged(one), new TakenOver(0), reason -> {});
        SendQueue queue = new SendQueue(one, SendPolicy.WAIT, version3, Time.SYSTEM);
        add(queue, "a");
        CompletableFuture<Throwable> refused = new CompletableFuture<>();
        Thread sender = new Thread(() -> {
            try {
                queue.add(new SendStore.Packet(frame("b"), new CompletableFuture<>()), true);
            } catch (Exception e) {
                refused.complete(e);
            }
        });
        sender.start();
        await().until(() -> sender.getState() == Thread.State.WAITING);
        queue.replaceStore(new Version2Sends()); // takes "a" over
        queue.clear(new SessionGoneException("the session is gone", null));
        assertThat(refused.get(20, TimeUnit.SECONDS)).isInstanceOf(IllegalStateException.class);
        add(queue, "c");
        queue.attach(link);
        assertThat(nextBatch(queue)).isEqualTo(frame("c"));
    }
}
