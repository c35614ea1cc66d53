package net.voltlane.server.edge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import net.voltlane.server.link.Deadlines;
import net.voltlane.server.link.Owner;

/**
 * The heartbeats of one loop's links of version 3. Finds links on which no byte came for two heartbeats though they were
 * read from, and gives clients that are not read a sign of life once in a heartbeat. A link is looked at twice in a
 * heartbeat, so that a read costs no clock and no list. Belongs to its loop.
 */
final class Heartbeats {
    private static final int LOOKS_PER_HEARTBEAT = 2;

    private final Owner owner;
    private final LongSupplier time;
    /** The looks that are due, for each heartbeat in seconds that a link has: within one they come in order. */
    private final Map<Integer, Deadlines<Heartbeat>> looks = new HashMap<>();

    private long nowNanos;

    /** @param time served time */
    Heartbeats(Owner owner, LongSupplier time) {
        this.owner = owner;
        this.time = time;
    }

    /**
     * Begins to watch a link that is live from now on.
     *
     * @param secs the heartbeat that its client was told
     */
    Heartbeat begin(ClientLink link, Version3Life life, int secs) {
        assert owner.isCurrent() : "belongs to its client loop";
        long beginNanos = time.getAsLong();
        Heartbeat begun = new Heartbeat(link, life, secs, beginNanos);
        schedule(begun, beginNanos);
        return begun;
    }

    private void schedule(Heartbeat heartbeat, long fromNanos) {
        Deadlines<Heartbeat> due = looks.computeIfAbsent(
                heartbeat.secs,
                secs -> new Deadlines<>(TimeUnit.SECONDS.toNanos(secs) / LOOKS_PER_HEARTBEAT, this::look));
        heartbeat.next(due.add(fromNanos, heartbeat));
    }

    private void look(Heartbeat heartbeat) {
        if (heartbeat.look(nowNanos)) {
            schedule(heartbeat, nowNanos);
        }
    }

    /** Looks at the links that are due. Called a few times a second, after the loop has read what had come. */
    void sweep() {
        assert owner.isCurrent() : "belongs to its client loop";
        nowNanos = time.getAsLong();
        if (!looks.isEmpty()) {
            List.copyOf(looks.values()).forEach(due -> due.run(nowNanos));
            looks.values().removeIf(due -> due.oldest() == null);
        }
    }

    /** All that are watched, in no order. */
    List<Heartbeat> all() {
        assert owner.isCurrent() : "belongs to its client loop";
        List<Heartbeat> all = new ArrayList<>();
        looks.values().forEach(due -> all.addAll(due.items()));
        return all;
    }
}
