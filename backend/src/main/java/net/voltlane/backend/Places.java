package net.voltlane.backend;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Lets connections in, up to {@link BackendOptions#maxFirehoses()}. On the thread that accepts. */
final class Places {
    private final Shared shared;
    private final int max;

    Places(Shared shared) {
        this.shared = shared;
        max = shared.options().maxFirehoses();
    }

    /** Whether one more connection may stay; another one may have to go for it, see {@link Admission}. */
    boolean admit(InetSocketAddress newcomer) {
        int running = shared.directory().running().size();
        // One that was lost may take a while to end, as long as the handler does, so these have a limit of their own.
        if (running < max || running < 2L * max && (isSomebodyEnding() || makeRoom(newcomer))) {
            return true;
        }
        shared.counters().refusedFirehoses.increment();
        shared.crowding()
                .add("a connection from " + newcomer + " was refused: there are " + max + " (maxFirehoses)", null);
        return false;
    }

    private boolean isSomebodyEnding() {
        return shared.directory().attached().size() < max;
    }

    private boolean makeRoom(InetSocketAddress newcomer) {
        @Nullable Firehose gives = shared.directory().whoGivesWay(Host.of(newcomer.getAddress()));
        if (gives == null) {
            return false;
        }
        if (gives.lose("gave way to another connection, as there are too many")) {
            shared.counters().displacedFirehoses.increment();
            shared.crowding()
                    .add(
                            gives + " gave way to a connection from " + newcomer + ": there are " + max
                                    + " (maxFirehoses)",
                            null);
        }
        return true;
    }
}
