package net.voltlane.server.simulation;

import java.time.Duration;
import net.voltlane.protocol.Limits;
import net.voltlane.server.edge.EdgeSettings;
import net.voltlane.server.session.SessionSettings;
import net.voltlane.server.uplink.UplinkSettings;

/**
 * How the server of a world is configured: bounds so small that chance meets them.
 *
 * @param loops event loops; the session loop is one of them
 * @param clients honest ones
 * @param proofPlaces computations that the executor has room for
 * @param clientReadBytes one read of a live client
 */
record Rules(
        SessionSettings sessions,
        EdgeSettings edge,
        UplinkSettings uplink,
        int loops,
        int clients,
        long memoryLimitBytes,
        long reapNanos,
        int proofPlaces,
        int clientReadBytes) {
    static final long UNBOUNDED = Long.MAX_VALUE;
    private static final int PLENTY = 1_000_000;

    static Rules of(Dice dice, int mostClients) {
        int maxFrameBytes = (int) dice.oneOf(40, 300, 5_000, 20_000);
        boolean memoryBounded = dice.oneIn(6);
        long memoryLimitBytes = memoryBounded ? dice.oneOf(300_000, 1_000_000) : UNBOUNDED;
        return new Rules(
                new SessionSettings(
                        seconds(dice.oneOf(0, 5, 60, 300)),
                        dice.oneOf(0, 1, 3, PLENTY, PLENTY, PLENTY),
                        dice.oneOf(0, 1, 5, 1_000),
                        dice.oneOf(80, 2_000, PLENTY)),
                new EdgeSettings(
                        maxFrameBytes,
                        seconds(dice.oneOf(2, 10)),
                        dice.oneOf(1, 3, 20, PLENTY),
                        dice.oneOf(100, 2_000, PLENTY, PLENTY),
                        dice.oneIn(4),
                        0),
                new UplinkSettings(
                        "127.0.0.1",
                        42_001,
                        Limits.masterFrameLimitBytes(maxFrameBytes),
                        dice.oneOf(1, 4, 50, PLENTY),
                        Math.min(dice.oneOf(300, 5_000, PLENTY), memoryLimitBytes / 4),
                        seconds(30),
                        0),
                (int) dice.oneOf(1, 1, 2, 3),
                dice.between((mostClients + 1) / 2, mostClients),
                memoryLimitBytes,
                seconds(dice.oneOf(1, 5)),
                (int) dice.oneOf(1, 3, 1_000),
                (int) dice.oneOf(600, 4_096, 65_536));
    }

    boolean keepsStale() {
        return sessions.staleTimeoutNanos() > 0 && sessions.maxStale() > 0;
    }

    /** Sessions can't fall for being too many away. */
    boolean evictsNobody() {
        return sessions.maxStale() >= PLENTY;
    }

    boolean isMemoryBounded() {
        return memoryLimitBytes < UNBOUNDED;
    }

    static long seconds(long seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }
}
