package net.voltlane.server.link;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Shut while the master is slow: client loops look at it before each read, so that a shut gate takes effect within the
 * tick. Shut and opened on the session loop; looked at from any.
 */
public final class Gate {
    private final List<Runnable> onOpen = new CopyOnWriteArrayList<>();
    private volatile boolean shut;

    /** What to do when the gate opens; called on the session loop. */
    public void onOpen(Runnable action) {
        onOpen.add(action);
    }

    public boolean isShut() {
        return shut;
    }

    public void shut() {
        shut = true;
    }

    public void open() {
        shut = false;
        onOpen.forEach(Runnable::run);
    }
}
