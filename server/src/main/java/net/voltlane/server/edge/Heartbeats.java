package net.voltlane.server.edge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import net.voltlane.server.link.Owner;

/**
 * The heartbeats of one loop's links of version 3. Finds links on which no byte came for two heartbeats though they were
 * read from, and gives clients that are not read a sign of life once in a heartbeat. A link is looked at twice in a
 * heartbeat, so that a read costs no clock and no list. Belongs to its loop.
 */
final class Heartbeats {
    private final Owner owner;
    private final LongSupplier time;
    /** The links that are watched, for each heartbeat in seconds that a link has. */
    private final Map<Integer, Heartbeat.Line> lines = new HashMap<>();

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
    void begin(Heartbeat heartbeat, int secs) {
        assert owner.isCurrent() : "belongs to its client loop";
        lines.computeIfAbsent(secs, Heartbeat.Line::new).add(heartbeat, time.getAsLong());
    }

    /** Watches a link no more. */
    void end(Heartbeat heartbeat, int secs) {
        assert owner.isCurrent() : "belongs to its client loop";
        Heartbeat.Line line = lines.get(secs);
        assert line != null : "it stands in the line";
        line.remove(heartbeat);
    }

    /** Looks at the links that are due. Called a few times a second, after the loop has read what had come. */
    void sweep() {
        assert owner.isCurrent() : "belongs to its client loop";
        if (!lines.isEmpty()) {
            long nowNanos = time.getAsLong();
            List.copyOf(lines.values()).forEach(line -> line.run(nowNanos, Heartbeat::look));
            lines.values().removeIf(Heartbeat.Line::isEmpty);
        }
    }

    /** All that are watched, in no order. */
    List<Heartbeat> all() {
        assert owner.isCurrent() : "belongs to its client loop";
        List<Heartbeat> all = new ArrayList<>();
        lines.values().forEach(line -> all.addAll(line.all()));
        return all;
    }
}
