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
 * Chooses who gives way to a connection that finds no room. Anybody who can reach the port may dial and say nothing; a
 * real server may be silent, too, as long as no client of its has a session. So silence is held against nobody as long
 * as there is room. Where there is none, of the firehoses that carry no session the host that has most of them loses
 * one: so strangers on one address can't displace the server on another. First goes one that has never said anything,
 * and of these the oldest.
 *
 * <p>A session is soon made up, too. So where every firehose carries one, a host that has none, or fewer, takes a place
 * from the host that has most, as long as that keeps no fewer than the newcomer then has: the firehose with the fewest
 * sessions goes, and of these the youngest. Its sessions wait for it to dial anew, and it can't displace anybody back.
 */
final class Admission {

    private static final int LOST_SHARE = 4;

    private Admission() {}

    /**
     * Who gives way.
     *
     * @param attached all firehoses that are not lost
     * @param sessions how many sessions one carries
     * @param newcomer whose host counts as having one more
     * @return null if it is the newcomer
     */
    static @Nullable Firehose whoGivesWay(List<Firehose> attached, ToIntFunction<Firehose> sessions, Host newcomer) {
        List<Firehose> idle = attached.stream()
                .filter(firehose -> sessions.applyAsInt(firehose) == 0)
                .toList();
        return idle.isEmpty() ? amongBusy(attached, sessions, newcomer) : amongIdle(idle, newcomer);
    }

    private static Map<Host, Integer> held(List<Firehose> firehoses, Host newcomer) {
        Map<Host, Integer> held = new HashMap<>(Map.of(newcomer, 1));
        firehoses.forEach(firehose -> held.merge(firehose.host(), 1, Integer::sum));
        return held;
    }

    private static @Nullable Firehose amongBusy(List<Firehose> busy, ToIntFunction<Firehose> sessions, Host newcomer) {
        Map<Host, Integer> held = held(busy, newcomer);
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

    private static @Nullable Firehose amongIdle(List<Firehose> idle, Host newcomer) {
        Map<Host, Integer> held = held(idle, newcomer);
        return idle.stream()
                .max(Comparator.<Firehose>comparingInt(firehose -> held.getOrDefault(firehose.host(), 0))
                        .thenComparing(firehose -> !firehose.hasSpoken())
                        .thenComparing(
                                Comparator.comparingLong(Firehose::number).reversed()))
                .orElse(null);
    }

    /**
     * Those of the lost firehoses whose sessions wait no longer for another: beyond {@value #LOST_SHARE} times the
     * number of attached ones the oldest of the host that has most of them. A server that flaps leaves a few behind,
     * with sessions that are stale; somebody who dials, makes one session up and hangs up, leaves one each time.
     *
     * @param lost the oldest first
     * @param maxAttached how many firehoses may be attached
     */
    static Set<Firehose> lostTooMany(List<Firehose> lost, int maxAttached) {
        Set<Firehose> tooMany = new HashSet<>();
        Map<Host, Deque<Firehose>> byHost = new HashMap<>();
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
}
