package net.voltlane.backend;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.voltlane.protocol.Frame;

/**
 * How much all firehoses together hold of large frames that have not come to their end. A frame may stay unfinished for
 * ever, and whoever can reach the port may begin one on each of many connections; so there is room for
 * {@value #LARGEST_FRAMES} of the largest. Beyond that, of the host that holds most the firehose that holds most gives
 * way, be it the one that wants more.
 *
 * <p>Any thread; taken once for each doubling of a buffer, not for each packet.
 */
final class LargeFrames {
    static final int LARGEST_FRAMES = 16;

    private final long maxBytes;
    private final Map<Firehose, Long> held = new HashMap<>();

    /** @param maxFrameBytes of one frame */
    LargeFrames(int maxFrameBytes) {
        maxBytes = LARGEST_FRAMES * ((long) Frame.PREFIX_BYTES + maxFrameBytes);
    }

    /**
     * A firehose is about to hold so much.
     *
     * @return who has to be cut for it, it may be among them
     */
    synchronized List<Firehose> hold(Firehose firehose, long frameBytes) {
        held.put(firehose, frameBytes);
        // Those that were cut give theirs back soon, and are not asked twice.
        Map<Firehose, Long> open = new HashMap<>(held);
        open.keySet().removeIf(Firehose::isLost);
        List<Firehose> giveWay = new ArrayList<>();
        long bytes = open.values().stream().mapToLong(Long::longValue).sum();
        while (bytes > maxBytes) {
            Firehose greediest = greediest(open);
            bytes -= open.remove(greediest);
            giveWay.add(greediest);
        }
        return giveWay;
    }

    /** It holds nothing any more. */
    synchronized void release(Firehose firehose) {
        held.remove(firehose);
    }

    private static Firehose greediest(Map<Firehose, Long> open) {
        Map<Host, Long> byHost = new HashMap<>();
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
