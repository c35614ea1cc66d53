package net.voltlane.backend;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.voltlane.protocol.Frame;

/**
 * The bound of the memory that all firehoses together hold for large unfinished frames. A frame may stay unfinished for
 * ever, and anybody who can reach the port may begin one on each of many connections. So there is room for
 * {@value #LARGEST_FRAMES} frames of the largest length. Beyond that, the host that holds most is found, and its
 * firehose that holds most gives way, even if that is the one that asks for more.
 *
 * <p>Thread-safe. Called once for each doubling of a buffer, not for each packet.
 */
final class LargeFrames {
    static final int LARGEST_FRAMES = 16;

    private final long maxBytes;
    private final Map<Firehose, Long> held = new HashMap<>();

    /** @param maxFrameBytes the longest frame */
    LargeFrames(int maxFrameBytes) {
        maxBytes = LARGEST_FRAMES * ((long) Frame.PREFIX_BYTES + maxFrameBytes);
    }

    /**
     * Counts the bytes that a firehose is about to hold.
     *
     * @return the firehoses that have to be cut for it, possibly including this one
     */
    synchronized List<Firehose> hold(Firehose firehose, long frameBytes) {
        held.put(firehose, frameBytes);
        // Firehoses that were cut release their memory soon, and are not chosen twice.
        Map<Firehose, Long> open = new HashMap<>(held);
        open.keySet().removeIf(Firehose::isLost);
        List<Firehose> giveWay = new ArrayList<>();
        long bytes = open.values().stream().mapToLong(Long::longValue).sum();
        while (bytes > maxBytes) {
            Firehose greediest = greediest(open);
            Long heldByIt = open.remove(greediest);
            assert heldByIt != null : "it is one of these";
            bytes -= heldByIt;
            giveWay.add(greediest);
        }
        return giveWay;
    }

    /** Called when a firehose holds no large frame any more. */
    synchronized void release(Firehose firehose) {
        held.remove(firehose);
    }

    private static Firehose greediest(Map<Firehose, Long> open) {
        Map<SourceHost, Long> byHost = new HashMap<>();
        open.forEach((firehose, bytes) -> byHost.merge(firehose.host(), bytes, Long::sum));
        return open.entrySet().stream()
                .max(Comparator.<Map.Entry<Firehose, Long>>comparingLong(
                                entry -> byHost.getOrDefault(entry.getKey().host(), 0L))
                        .thenComparing(Map.Entry::getValue)
                        .thenComparing(entry -> -entry.getKey().number()))
                .orElseThrow()
                .getKey();
    }
}
