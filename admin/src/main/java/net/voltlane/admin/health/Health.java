package net.voltlane.admin.health;

import java.util.ArrayList;
import java.util.List;
import net.voltlane.server.ServerState;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.metrics.Gauge;

/**
 * An answer to a health check. Immutable.
 *
 * @param isFine true if there is no reason against it
 * @param reasons in words for people; empty if the answer is fine
 */
public record Health(boolean isFine, List<String> reasons) {
    /** The time for which no thread may stand still. Shorter pauses happen on a machine that swaps or migrates. */
    static final double HUNG_SECONDS = 10;

    private static Health of(List<String> reasons) {
        return new Health(reasons.isEmpty(), List.copyOf(reasons));
    }

    /**
     * Ready: clients are accepted, the master is connected, and the server does not drain. A server that is not ready
     * should get no new clients, and may become ready by itself.
     */
    public static Health readiness(VoltlaneServer server) {
        return readiness(server.state(), server.read(Gauge.MASTER_UP) == 1);
    }

    static Health readiness(ServerState state, boolean masterUp) {
        List<String> reasons = new ArrayList<>();
        switch (state) {
            case STARTING, DIALLING, OPENING -> reasons.add("clients are not accepted yet");
            case DRAINING -> reasons.add("draining");
            case STOPPING -> reasons.add("stopping");
            case STOPPED -> reasons.add("stopped");
            case FAILED -> reasons.add("failed");
            case LISTENING -> {
                // the master alone decides
            }
        }
        if (!masterUp && !state.isClosed()) {
            reasons.add("the master is not connected");
        }
        return of(reasons);
    }

    /** Alive: all threads run, and the server has not failed. A server that is not alive should be started anew. */
    public static Health liveness(VoltlaneServer server) {
        return liveness(server.state(), Gauge.LOOP_LAG.unit().published(server.read(Gauge.LOOP_LAG)));
    }

    static Health liveness(ServerState state, double lagSeconds) {
        List<String> reasons = new ArrayList<>();
        if (state == ServerState.FAILED) {
            reasons.add("failed");
        } else if (!state.isClosed() && lagSeconds >= HUNG_SECONDS) {
            reasons.add("a thread that serves clients has not run for " + (long) lagSeconds + " s");
        }
        return of(reasons);
    }
}
