package net.voltlane.server.edge;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.voltlane.server.link.Gate;
import net.voltlane.server.link.LoopQueue;
import net.voltlane.server.link.Owner;

/**
 * The links of one loop that are not read from, because the master is slow or the session loop is behind. A link that
 * has nothing more to send is not paused: only the read that finds clients held back pauses its link. Belongs to its
 * loop.
 */
final class Backpressure {
    private final Owner owner;
    private final Gate gate;
    private final LoopQueue up;
    private final Set<ClientLink> paused = new LinkedHashSet<>();

    /**
     * @param gate shut while the master is slow
     * @param up the queue to the session loop, on whose room {@link #release} is called
     */
    Backpressure(Owner owner, Gate gate, LoopQueue up) {
        this.owner = owner;
        this.gate = gate;
        this.up = up;
    }

    /** True while live clients are not to be read from. */
    boolean isHeldBack() {
        return gate.isShut() || up.isFull();
    }

    /** Stops reading from a link that has more to send, until clients are no longer held back. */
    void pause(ClientLink link) {
        assert owner.isCurrent() : "belongs to its client loop";
        link.reads.pause(ReadPause.HELD_BACK);
        paused.add(link);
        awaitRelease();
    }

    /** A link that was not read from for another reason is about to be: it is held back with the others. */
    void joins(ClientLink link) {
        if (isHeldBack()) {
            pause(link);
        }
    }

    /** Lets the links go on, unless the other of the two reasons still holds. Called when a reason ends. */
    void release() {
        assert owner.isCurrent() : "belongs to its client loop";
        if (isHeldBack()) {
            awaitRelease();
            return;
        }
        List<ClientLink> links = List.copyOf(paused);
        paused.clear();
        links.forEach(ClientLink::heldBackNoMore);
    }

    /** Has {@link #release} called when room is there. A gate that opens calls it by itself. */
    private void awaitRelease() {
        if (!gate.isShut()) {
            up.awaitRoom();
        }
    }

    /** The link ends, and is never read from again. */
    void forget(ClientLink link) {
        assert owner.isCurrent() : "belongs to its client loop";
        if (!paused.isEmpty()) {
            paused.remove(link);
        }
    }
}
