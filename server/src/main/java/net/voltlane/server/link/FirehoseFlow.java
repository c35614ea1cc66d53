package net.voltlane.server.link;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;
import java.util.Arrays;

/**
 * The flow of the firehose from the master's link to all client loops, and the backpressure on it: the loop queues that
 * carry it, and the reasons not to read it.
 *
 * <pre>
 *   reason                       begins                           ends
 *   a client loop is behind      its queue is over its bound      every queue has room again
 *   a client blocks              {@link #block}                          {@link #unblock}
 * </pre>
 *
 * <p>{@link Gate} is its counterpart for what clients send. Belongs to the session loop, but for {@link #queueTo} and
 * {@link #onChange}, which are called before the loops run.
 */
public final class FirehoseFlow {
    private final EventExecutor loop;
    private LoopQueue[] queues = {};
    private Runnable onChange = () -> {};
    private boolean isLoopBehind;
    private boolean isClientBlocking;

    /** @param loop the session loop */
    public FirehoseFlow(EventExecutor loop) {
        this.loop = loop;
    }

    /**
     * Adds the queue to one client loop.
     *
     * @param afterBatch as for {@link LoopQueue}
     */
    public LoopQueue queueTo(EventExecutor clientLoop, ByteBufAllocator allocator, Runnable afterBatch) {
        LoopQueue queue = new LoopQueue(loop, clientLoop, allocator, afterBatch, this::lookForRoom);
        queues = Arrays.copyOf(queues, queues.length + 1);
        queues[queues.length - 1] = queue;
        return queue;
    }

    /** Sets what follows each change of {@link #isPaused}. */
    public void onChange(Runnable action) {
        onChange = action;
    }

    /** True while the firehose must not be read. */
    public boolean isPaused() {
        assert loop.inEventLoop() : "belongs to the session loop";
        return isLoopBehind || isClientBlocking;
    }

    /** Part of the firehose has been read into the queues: posts large batches, and pauses if a loop is behind. */
    public void wasRead() {
        assert loop.inEventLoop() : "belongs to the session loop";
        for (LoopQueue queue : queues) {
            queue.postIfLarge();
        }
        lookForRoom();
    }

    /** Pauses for a client whose policy is to wait for it. Calls do not nest. */
    public void block() {
        assert !isClientBlocking : "blocked already";
        pause(isLoopBehind, true);
    }

    /** Ends what {@link #block} began. */
    public void unblock() {
        assert isClientBlocking : "not blocked";
        pause(isLoopBehind, false);
    }

    /** Bytes on their way to client loops. Any thread. */
    public long bytesUnderWay() {
        long bytes = 0;
        for (LoopQueue queue : queues) {
            bytes += queue.bytesUnderWay();
        }
        return bytes;
    }

    /** The sum of the bounds at which each queue holds the firehose back. Any thread. */
    public long boundBytes() {
        return queues.length * LoopQueue.BOUND_BYTES;
    }

    private void lookForRoom() {
        for (LoopQueue queue : queues) {
            if (queue.isFull()) {
                queue.awaitRoom();
                pause(true, isClientBlocking);
                return;
            }
        }
        pause(false, isClientBlocking);
    }

    private void pause(boolean loopBehind, boolean clientBlocking) {
        boolean before = isPaused();
        isLoopBehind = loopBehind;
        isClientBlocking = clientBlocking;
        if (isPaused() != before) {
            onChange.run();
        }
    }
}
