package net.voltlane.server.link;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The gate that holds clients back while the master is slow. Client loops look at it before each read, so that a shut gate
 * takes effect within the tick. Shut and opened on the session loop; read on any loop.
 */
public final class Gate {
    private final Owner owner;
    private final List<Runnable> onOpen = new CopyOnWriteArrayList<>();
    private volatile boolean shut;

    /** @param owner the session loop */
    public Gate(Owner owner) {
        this.owner = owner;
    }

    /** Adds an action that follows when the gate opens, on the session loop. */
    public void onOpen(Runnable action) {
        onOpen.add(action);
    }

    public boolean isShut() {
        return shut;
    }

    public void shut() {
        assert owner.isCurrent() : "belongs to the session loop";
        shut = true;
    }

    public void open() {
        assert owner.isCurrent() : "belongs to the session loop";
        shut = false;
        onOpen.forEach(Runnable::run);
    }
}
