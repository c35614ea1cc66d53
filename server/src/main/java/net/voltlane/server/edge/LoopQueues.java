package net.voltlane.server.edge;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.server.link.FirehoseFlow;
import net.voltlane.server.link.LoopQueue;
import net.voltlane.server.link.Upstream;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.metrics.Counters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two queues between a client loop and the session loop, and the outputs that get something from the batch under
 * way. Belongs to the client loop, but for {@link #down}, which starts on the session loop.
 */
final class LoopQueues {
    private static final Logger log = LoggerFactory.getLogger(ClientLoop.class);

    /** To the session loop: packets of clients, and events of their links. */
    final LoopQueue up;
    /** From the session loop: packets for clients, and commands to their links. */
    final LoopQueue down;
    /** Writes the packets of clients to {@link #up}. */
    final PacketTagger tagger;

    private final Upstream upstream;
    private final List<LinkOutput> toFlush = new ArrayList<>();

    /** @param onRoomUp called on the client loop when room in {@link #up} was waited for and is there */
    LoopQueues(
            EventLoop clientLoop,
            EventLoop sessionLoop,
            ByteBufAllocator allocator,
            FirehoseFlow flow,
            Upstream upstream,
            Counters counters,
            Runnable onRoomUp) {
        up = new LoopQueue(clientLoop, sessionLoop, allocator, upstream::flush, onRoomUp);
        down = flow.queueTo(clientLoop, allocator, this::flush);
        this.upstream = upstream;
        tagger = new PacketTagger(up, upstream, allocator, counters);
    }

    /** True if packets of clients are taken over when the master acknowledges them, false: when they are in the queue. */
    boolean masterAcknowledges() {
        return upstream.acknowledges();
    }

    /** Has an output offer its frames to its socket once the whole batch has arrived. */
    void flushLater(LinkOutput output) {
        toFlush.add(output);
    }

    private void flush() {
        for (int i = 0; i < toFlush.size(); i++) {
            LinkOutput output = toFlush.get(i);
            try {
                output.flush();
            } catch (Throwable ours) {
                // Out of memory as well: the other outputs must be flushed, or let go of the buffer that is used again.
                broken(output, ours);
            }
        }
        toFlush.clear();
    }

    private static void broken(LinkOutput output, Throwable ours) {
        try {
            output.broken();
            LogEvent.INTERNAL_ERROR
                    .on(log)
                    .setCause(ours)
                    .log("Internal error, please report it: closed one client's link");
        } catch (Throwable again) {
            output.channel().close();
        }
    }

    /** Frees the buffers that are kept for the next batches; both loops have ended. */
    void release() {
        up.release();
        down.release();
    }
}
