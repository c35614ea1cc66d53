package net.voltlane.server.session;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.voltlane.protocol.Reason;
import net.voltlane.server.address.Cidr;
import net.voltlane.server.session.ClientPort.Detach;

/**
 * A model of section 5 of the protocol: for each event on the session loop it says which effects have to follow. It is as
 * plain as possible, with lists, sums and searches where the real sessions have indexes and counters.
 */
final class WorldModel {
    /** A session as section 5 has it. */
    private static final class ModelSession {
        final long id;
        boolean heard;
        /** The address of its last link. */
        Cidr from;
        /** The link that has it; null: stale. */
        WorldLink link;
        /** The link was asked to give it back; nothing is delivered on it any more. */
        boolean asked;
        /** A link that has proved itself, and waits until the other has given back. */
        WorldLink next;
        /** Time at which the last link was lost. */
        long lostAt;
        /** The reason of its end, once that is decided; the first reason stands. */
        Reason end;
        /** True if it ends only when {@link #next} has got everything that was sent before. */
        boolean nextFirst;

        boolean blocking;
        final List<WorldPacket> leftovers = new ArrayList<>();
        final List<WorldPacket> meanwhile = new ArrayList<>();
        /** Packets of {@link #meanwhile} that were really missed, because no link was there. */
        int missedPackets;

        long missedBytes;
        /** Packets that came when the end was decided. */
        int late;

        ModelSession(long id) {
            this.id = id;
        }

        boolean isLive() {
            return next != null || (link != null && !asked);
        }

        long keptBytes() {
            return bytes(leftovers) + bytes(meanwhile);
        }

        long heldBytes() {
            return keptBytes() + (link == null ? 0 : link.heldBytes());
        }

        private static long bytes(List<WorldPacket> packets) {
            return packets.stream().mapToLong(WorldPacket::frameBytes).sum();
        }
    }

    private final SessionSettings rules;
    private final Map<Long, ModelSession> lives = new TreeMap<>();
    private final Map<Reason, Integer> ends = new EnumMap<>(Reason.class);
    final WorldEffects expected = new WorldEffects();
    private long now;
    private boolean masterAtBound;
    private boolean stopping;
    private int unanswered;

    WorldModel(SessionSettings rules) {
        this.rules = rules;
    }

    // ---- events

    void passes(long nanos) {
        now += nanos;
    }

    void masterAtBound(boolean atBound) {
        masterAtBound = atBound;
    }

    /** A client has shown a valid key: false where it has to be refused. */
    boolean opens() {
        return !stopping;
    }

    void opened(WorldLink link, long id) {
        ModelSession life = new ModelSession(id);
        life.link = link;
        life.from = link.from;
        lives.put(id, life);
    }

    void resume(WorldLink link, long id, boolean proved) {
        ModelSession life = lives.get(id);
        if (life == null || !proved || !isResumable(id)) {
            expected.add(id, link + " is refused");
        } else if (life.link == null) {
            attach(life, link);
        } else {
            if (life.next != null) {
                expected.add(id, life.next + " is refused");
            }
            life.next = link;
            if (!life.asked) {
                ask(life, Detach.GIVE_BACK);
            }
        }
    }

    void spoke(WorldLink link) {
        ModelSession life = lives.get(link.sessionId);
        if (life != null && life.link == link) {
            life.heard = true;
        }
    }

    void lost(WorldLink link) {
        ModelSession life = lives.get(link.sessionId);
        if (life == null) {
            return;
        }
        if (life.next == link) {
            expected.add(life.id, link + " is detached: DISCARD");
            life.next = null;
            life.nextFirst = false;
            life.lostAt = now;
        } else if (life.link == link && !life.asked) {
            life.lostAt = now;
            if (keepsStale()) {
                ask(life, Detach.GIVE_BACK);
            } else {
                ends(life, Reason.CLIENT_DISCONNECTED, Detach.DISCARD);
            }
        }
    }

    /** A frame too large, or a client that did not read. */
    void violated(WorldLink link, Reason reason) {
        ModelSession life = lives.get(link.sessionId);
        if (life == null || life.link != link) {
            return;
        }
        if (reason == Reason.FRAME_TOO_LARGE) {
            ends(life, reason, life.asked ? Detach.DISCARD : Detach.DELIVER);
        } else if (!life.asked) {
            ends(life, reason, Detach.DISCARD);
        }
    }

    void blocked(WorldLink link, boolean nowBlocked) {
        ModelSession life = lives.get(link.sessionId);
        if (life != null && life.link == link) {
            life.blocking = nowBlocked && !life.asked;
        }
    }

    void detached(WorldLink link, List<WorldPacket> leftovers) {
        ModelSession life = lives.get(link.sessionId);
        if (life == null || life.link != link) {
            return;
        }
        life.link = null;
        life.asked = false;
        if (life.end != null && !life.nextFirst) {
            finish(life);
            return;
        }
        life.leftovers.addAll(leftovers);
        if (life.next != null) {
            attach(life, life.next);
        } else if (keepsStale()) {
            if (rules.maxStalePerIp() > 0 && staleAt(life.from) > rules.maxStalePerIp()) {
                evictOneAt(Set.of(life.from));
            }
            while (staleSize() > rules.maxStale()) {
                long most = lives.values().stream()
                        .mapToLong(other -> staleAt(other.from))
                        .max()
                        .orElseThrow();
                evictOneAt(lives.values().stream()
                        .map(other -> other.from)
                        .filter(from -> staleAt(from) == most)
                        .collect(Collectors.toSet()));
            }
        } else {
            ends(life, Reason.CLIENT_DISCONNECTED, Detach.DISCARD);
        }
    }

    private long staleAt(Cidr from) {
        return lives.values().stream()
                .filter(other -> other.link == null && other.from.equals(from))
                .count();
    }

    private void evictOneAt(Set<Cidr> addresses) {
        ModelSession gone = lives.values().stream()
                .filter(other -> other.link == null && addresses.contains(other.from))
                .min(Comparator.comparing((ModelSession other) -> other.heard).thenComparing(other -> other.lostAt))
                .orElseThrow();
        ends(gone, Reason.CLIENT_EVICTED, Detach.DISCARD);
    }

    /** True where the session takes the packet: to deliver, keep or fail over it. */
    boolean data(WorldPacket packet) {
        ModelSession life = lives.get(packet.session());
        if (life == null) {
            notFound(packet.session());
            return false;
        }
        if (life.end != null) {
            life.late++;
            return false;
        }
        if (life.link != null && !life.asked) {
            expected.add(life.id, life.link + " delivers " + packet);
        } else if (life.next != null) {
            life.meanwhile.add(packet);
        } else if (life.missedPackets + 1 > rules.missed().packets()
                || (life.missedPackets > 0
                        && life.missedBytes + packet.frameBytes()
                                > rules.missed().bytes())) {
            ends(life, Reason.MISSED_PACKETS_OVERFLOW, Detach.DISCARD);
        } else {
            life.meanwhile.add(packet);
            life.missedPackets++;
            life.missedBytes += packet.frameBytes();
        }
        return true;
    }

    void kick(long id) {
        ModelSession life = lives.get(id);
        if (life != null) {
            ends(life, Reason.CLIENT_KICKED, Detach.DELIVER);
        }
    }

    void reap() {
        for (ModelSession life : List.copyOf(lives.values())) {
            if (life.link == null && now - life.lostAt >= rules.staleTimeoutNanos()) {
                ends(life, Reason.CLIENT_DISCONNECTED, Detach.DISCARD);
            }
        }
    }

    /** Memory is at its limit: the biggest first, until so much is free. */
    void shed(long bytesToFree) {
        long left = bytesToFree;
        List<ModelSession> candidates = new ArrayList<>();
        for (ModelSession life : lives.values()) {
            if (life.end != null && !life.nextFirst) {
                left -= life.heldBytes();
            } else if (life.heldBytes() > 0) {
                candidates.add(life);
            }
        }
        while (left > 0 && !candidates.isEmpty()) {
            ModelSession life = candidates.stream()
                    .max(Comparator.comparingLong((ModelSession each) -> heldAt(each.from, candidates))
                            .thenComparing(each -> mostAt(each.from, candidates))
                            .thenComparing(ModelSession::heldBytes))
                    .orElseThrow();
            candidates.remove(life);
            left -= life.heldBytes();
            life.end = null; // memory does not wait for a farewell
            ends(life, Reason.MEMORY_LIMIT, Detach.DISCARD);
        }
    }

    private static long heldAt(Cidr from, List<ModelSession> lives) {
        return lives.stream()
                .filter(life -> life.from.equals(from))
                .mapToLong(ModelSession::heldBytes)
                .sum();
    }

    private static long mostAt(Cidr from, List<ModelSession> lives) {
        return lives.stream()
                .filter(life -> life.from.equals(from))
                .mapToLong(ModelSession::heldBytes)
                .max()
                .orElse(0);
    }

    void stop() {
        stopping = true;
        for (ModelSession life : List.copyOf(lives.values())) {
            ends(life, Reason.SERVER_STOPPING, Detach.DELIVER);
        }
    }

    // ---- questions

    boolean isResumable(long id) {
        ModelSession life = lives.get(id);
        if (life == null || life.end != null || stopping) {
            return false;
        }
        return life.isLive() || (keepsStale() && now - life.lostAt < rules.staleTimeoutNanos());
    }

    /**
     * The sessions that a new master link must be told of.
     *
     * @param told those of which a packet was sent
     */
    Set<Long> toAnnounce(Set<Long> told) {
        Set<Long> ids = new TreeSet<>();
        lives.values().stream()
                .filter(life -> life.isLive() && told.contains(life.id) && life.end == null)
                .forEach(life -> ids.add(life.id));
        return ids;
    }

    /** The sessions that it may be told of, or not: they have a Reconnection of their own, and end. */
    Set<Long> mayAnnounce(Set<Long> told) {
        Set<Long> ids = toAnnounce(told);
        lives.values().stream()
                .filter(life -> life.nextFirst && told.contains(life.id))
                .forEach(life -> ids.add(life.id));
        return ids;
    }

    boolean blocksFirehose() {
        return lives.values().stream().anyMatch(life -> life.blocking);
    }

    int size() {
        return lives.size();
    }

    long staleSize() {
        return lives.values().stream().filter(life -> life.link == null).count();
    }

    long keptBytes() {
        return lives.values().stream().mapToLong(ModelSession::keptBytes).sum();
    }

    /** False if two sessions hold the same, so that either may be the bigger one. */
    boolean canTellWhoHoldsMost() {
        long[] held = lives.values().stream()
                .mapToLong(ModelSession::heldBytes)
                .filter(bytes -> bytes > 0)
                .toArray();
        return Arrays.stream(held).distinct().count() == held.length;
    }

    int ended(Reason reason) {
        return ends.getOrDefault(reason, 0);
    }

    int unanswered() {
        return unanswered;
    }

    // ---- shared rules

    private boolean keepsStale() {
        return rules.staleTimeoutNanos() > 0 && rules.maxStale() > 0;
    }

    private void attach(ModelSession life, WorldLink link) {
        List<WorldPacket> all = new ArrayList<>(life.leftovers);
        all.addAll(life.meanwhile);
        life.leftovers.clear();
        life.meanwhile.clear();
        life.missedPackets = 0;
        life.missedBytes = 0;
        life.next = null;
        life.link = link;
        life.from = link.from;
        if (life.heard) {
            expected.add(life.id, "Reconnection");
        }
        expected.add(life.id, link + " is resumed with " + all);
        if (life.nextFirst) {
            life.nextFirst = false;
            ask(life, Detach.DELIVER);
        }
    }

    private void ask(ModelSession life, Detach how) {
        life.asked = true;
        life.blocking = false;
        expected.add(life.id, life.link + " is detached: " + how);
    }

    private void ends(ModelSession life, Reason reason, Detach how) {
        if (life.end != null) {
            return;
        }
        life.end = reason;
        if (life.link == null) {
            finish(life);
        } else if (!life.asked) {
            ask(life, how);
        } else if (life.next != null && how == Detach.DELIVER) {
            life.nextFirst = true;
        } else if (life.next != null) {
            expected.add(life.id, life.next + " is refused");
            life.next = null;
            life.nextFirst = false;
        }
    }

    private void finish(ModelSession life) {
        lives.remove(life.id);
        ends.merge(life.end, 1, Integer::sum);
        if (life.heard) {
            expected.add(life.id, "Failure " + life.end.text());
        }
        for (int i = 0; i < life.late; i++) {
            notFound(life.id);
        }
    }

    private void notFound(long id) {
        if (masterAtBound) {
            unanswered++;
        } else {
            expected.add(id, "Failure " + Reason.CLIENT_NOT_FOUND.text());
        }
    }
}
