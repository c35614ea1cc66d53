package net.voltlane.backend;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The choice of the firehose that gives way to a new connection at the limit. Anybody who can reach the port may dial
 * and send nothing. A real server may be silent too, while none of its clients has a session. So silence has no
 * consequences while there is room. At the limit, one of the firehoses without a session gives way, of the host that
 * has most of these. So an attacker at one address can't displace the server at another. A firehose that has never sent
 * anything goes first, and of these the oldest.
 *
 * <p>A session is easily made up too. So if every firehose carries sessions, the host with most firehoses gives one up
 * for a host that has fewer, as long as it then still has at least as many as the new connection's host. The firehose
 * with the fewest sessions goes, and of these the youngest. Its sessions wait until it has dialled again, and it can't
 * displace a firehose in return.
 */
final class FirehoseEviction {

    private static final int LOST_SHARE = 4;
    private static final int LOST_BUFFERS = 4;

    private FirehoseEviction() {}

    /**
     * Chooses the firehose that gives way.
     *
     * @param attached all firehoses that are not lost
     * @param sessions tells how many sessions a firehose carries
     * @param newcomer the host of the new connection, which counts as having one more
     * @return null if the new connection has to be refused
     */
    static @Nullable Firehose chooseVictim(
            List<Firehose> attached, ToIntFunction<Firehose> sessions, SourceHost newcomer) {
        List<Firehose> idle = attached.stream()
                .filter(firehose -> sessions.applyAsInt(firehose) == 0)
                .toList();
        return idle.isEmpty() ? amongBusy(attached, sessions, newcomer) : amongIdle(idle, newcomer);
    }

    private static Map<SourceHost, Integer> held(List<Firehose> firehoses, SourceHost newcomer) {
        Map<SourceHost, Integer> held = new HashMap<>(Map.of(newcomer, 1));
        firehoses.forEach(firehose -> held.merge(firehose.host(), 1, Integer::sum));
        return held;
    }

    private static @Nullable Firehose amongBusy(
            List<Firehose> busy, ToIntFunction<Firehose> sessions, SourceHost newcomer) {
        Map<SourceHost, Integer> held = held(busy, newcomer);
        int most = Collections.max(held.values());
        if (most == held.getOrDefault(newcomer, 0)) {
            return null;
        }
        return busy.stream()
                .filter(firehose -> held.getOrDefault(firehose.host(), 0) == most)
                .min(Comparator.comparingInt(sessions)
                        .thenComparing(
                                Comparator.comparingLong(Firehose::number).reversed()))
                .orElse(null);
    }

    private static @Nullable Firehose amongIdle(List<Firehose> idle, SourceHost newcomer) {
        Map<SourceHost, Integer> held = held(idle, newcomer);
        return idle.stream()
                .max(Comparator.<Firehose>comparingInt(firehose -> held.getOrDefault(firehose.host(), 0))
                        .thenComparing(firehose -> !firehose.readings().hasReceived())
                        .thenComparing(
                                Comparator.comparingLong(Firehose::number).reversed()))
                .orElse(null);
    }

    /**
     * Chooses lost firehoses whose sessions stop waiting for a new one. There may be {@value #LOST_SHARE} times as many
     * lost firehoses as may be attached. Beyond that, the oldest of the host that has most of them are chosen. A server
     * whose link breaks often leaves a few lost firehoses with waiting sessions. An attacker that dials, makes up a
     * session and hangs up leaves one each time.
     *
     * @param lost all lost firehoses, the oldest first
     * @param maxAttached how many firehoses may be attached
     */
    static Set<Firehose> chooseSurplus(List<Firehose> lost, int maxAttached) {
        Set<Firehose> tooMany = new HashSet<>();
        Map<SourceHost, Deque<Firehose>> byHost = new HashMap<>();
        lost.forEach(firehose -> byHost.computeIfAbsent(firehose.host(), host -> new ArrayDeque<>())
                .add(firehose));
        for (long left = lost.size() - (long) LOST_SHARE * maxAttached; left > 0; left--) {
            Collections.max(byHost.values(), Comparator.comparingInt(Deque::size))
                    .remove();
        }
        lost.forEach(tooMany::add);
        byHost.values().forEach(tooMany::removeAll);
        return tooMany;
    }

    /**
     * Chooses lost firehoses whose packets take too much memory, and whose sessions stop waiting for a new one. All together
     * may keep {@value #LOST_BUFFERS} send buffers. Beyond that, the host that keeps most gives up its firehose that keeps
     * most.
     *
     * @param lost all lost firehoses
     * @param bufferBytes the size of one send buffer
     */
    static Set<Firehose> chooseHeaviest(List<Firehose> lost, long bufferBytes) {
        Map<Firehose, Long> kept = new HashMap<>();
        Map<SourceHost, Long> byHost = new HashMap<>();
        for (Firehose firehose : lost) {
            long bytes = firehose.queuedBytes();
            if (bytes > 0) {
                kept.put(firehose, bytes);
                byHost.merge(firehose.host(), bytes, Long::sum);
            }
        }
        Set<Firehose> heaviest = new HashSet<>();
        long sum = byHost.values().stream().mapToLong(Long::longValue).sum();
        while (sum / LOST_BUFFERS > bufferBytes) {
            Map.Entry<Firehose, Long> most = kept.entrySet().stream()
                    .max(Comparator.<Map.Entry<Firehose, Long>>comparingLong(
                                    entry -> byHost.getOrDefault(entry.getKey().host(), 0L))
                            .thenComparing(Map.Entry::getValue))
                    .orElseThrow();
            kept.remove(most.getKey());
            byHost.merge(most.getKey().host(), -most.getValue(), Long::sum);
            sum -= most.getValue();
            heaviest.add(most.getKey());
        }
        return heaviest;
    }
}
