package net.voltlane.server.simulation;

import java.util.Map;
import net.voltlane.server.guard.ConnectionLimits;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.SessionDoors;

/**
 * The known are safe: what holds for honest clients that have an address to themselves, whatever any number of others do
 * from some other addresses. They get in, and their sessions are not evicted as long as another address has more of
 * them. In some worlds a few clients are such, and the others are a crowd.
 */
final class FairRules {
    /** So many clients have an address to themselves. */
    static final int ALONE = 4;
    /** Places for so many handshakes that one of the crowd's addresses must have more than any client at a time. */
    static final int HANDSHAKES = 120;
    /** Strangers that come at once. */
    static final int BURST = 150;

    private final World world;

    FairRules(World world) {
        this.world = world;
    }

    /** The address of a client that is alone there, always. */
    static String home(int client) {
        return "203.0.113." + (1 + client);
    }

    static boolean isAlone(Rules rules, Client client) {
        return rules.crowded() && client.number() < ALONE;
    }

    /** Handshakes that had to make room. */
    static long gaveWay(SimServer server) {
        return server.count(Metric.REFUSED_PENDING_HANDSHAKES)
                + server.count(Metric.REFUSED_PENDING_HANDSHAKES_PER_IP)
                + server.count(Metric.REFUSED_DESCRIPTORS);
    }

    /** An honest client was closed in its handshake, for no cause but a limit. */
    void sentAway(LinkModel model) {
        ConnectionLimits limits = world.rules.limits().connections();
        boolean others = limits.total() > 0
                || limits.perIp() > 0
                || limits.perSubnet() > 0
                || limits.perSec() > 0
                || limits.perSecPerIp() > 0;
        LimitRules.unless(
                !isAlone(world.rules, model.client) || others,
                model + " has an address to itself, and was sent away for what others do");
    }

    /** True if a session, which is gone by now, may be evicted: not while another address has more of them. */
    boolean mayBeEvicted(SessionModel life) {
        if (!isAlone(world.rules, life.owner)) {
            return true;
        }
        Map<String, Integer> stale = SessionDoors.staleByAddress(world.server.sessions);
        int own = 1 + stale.getOrDefault(home(life.owner.number()), 0);
        return stale.values().stream().allMatch(held -> held <= own);
    }
}
