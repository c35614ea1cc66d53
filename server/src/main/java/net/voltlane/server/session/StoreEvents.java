package net.voltlane.server.session;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import net.voltlane.server.store.Claimed;
import net.voltlane.server.store.RecordStore;
import net.voltlane.server.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * The events of the store, on their way to the session loop. Made before the store is there, and before the sessions that
 * hear of it. Thread-safe.
 */
public final class StoreEvents implements RecordStore.Listener {
    private final Executor sessionLoop;
    /** Hears of the store; null before there are sessions. Belongs to the session loop, as all fields. */
    private RecordStore.@Nullable Listener sessions;

    private @Nullable StoreException whyDown;

    /** @param sessionLoop runs tasks on the session loop */
    public StoreEvents(Executor sessionLoop) {
        this.sessionLoop = sessionLoop;
    }

    /**
     * Tells these sessions of the store from now on, first of all whether it is down.
     *
     * @param listener is called on the session loop
     */
    void begin(RecordStore.Listener listener) {
        onLoop(() -> {
            sessions = listener;
            if (whyDown != null) {
                listener.down(whyDown);
            }
        });
    }

    @Override
    public void claimed(Claimed by) {
        onLoop(() -> {
            if (sessions != null) { // else it is not one of this process's
                sessions.claimed(by);
            }
        });
    }

    @Override
    public void up() {
        onLoop(() -> {
            whyDown = null;
            if (sessions != null) {
                sessions.up();
            }
        });
    }

    @Override
    public void down(StoreException why) {
        onLoop(() -> {
            whyDown = why;
            if (sessions != null) {
                sessions.down(why);
            }
        });
    }

    private void onLoop(Runnable news) {
        try {
            sessionLoop.execute(news);
        } catch (RejectedExecutionException ended) {
            // A server that stops ends its loops before it closes its store, and its sessions are claimed all the
            // while.
        }
    }
}
