package net.voltlane.server.simulation;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.server.edge.EdgeSettings;
import net.voltlane.server.edge.HeartbeatBounds;
import net.voltlane.server.edge.ServedVersions;
import net.voltlane.server.edge.TrustedProxies;
import net.voltlane.server.guard.CidrSet;
import net.voltlane.server.guard.ConnectionLimits;
import net.voltlane.server.guard.GuardLimits;
import net.voltlane.server.guard.RateLimits;
import net.voltlane.server.guard.RatePolicy;
import net.voltlane.server.guard.ResumeLimits;
import net.voltlane.server.session.SessionSettings;
import net.voltlane.server.uplink.UplinkSettings;

/**
 * The configuration of a world's server, with bounds so small that chance meets them.
 *
 * @param limits on strangers; off in most worlds
 * @param room for so many connections the machine has descriptors
 * @param addresses that honest clients come from
 * @param loops event loops; the session loop is one of them
 * @param clients honest ones
 * @param proofPlaces computations that the executor has room for
 * @param clientReadBytes one read of a live client
 * @param thirds of ten clients, so many are of version 3
 * @param firehose3 the master speaks firehose 3
 * @param announcesWithData firehose 3 tells of a session with its first data
 * @param crowded a few clients have an address to themselves, and the others are many, see {@link FairRules}
 */
record Rules(
        SessionSettings sessions,
        EdgeSettings edge,
        UplinkSettings uplink,
        GuardLimits limits,
        int room,
        int addresses,
        int loops,
        int clients,
        long memoryLimitBytes,
        long reapNanos,
        int proofPlaces,
        int clientReadBytes,
        int thirds,
        boolean firehose3,
        boolean announcesWithData,
        boolean crowded) {
    /** The heartbeat of clients that wish for none, in seconds. */
    static final int HEARTBEAT_SECS = 20;

    static final long UNBOUNDED = Long.MAX_VALUE;
    /** An address that is denied where any is. */
    static final String DENIED = "198.51.100.66";

    private static final int PLENTY = 1_000_000;
    /** Of ten clients, so many are of version 3; below 0: none in half of the worlds, and some or all in the others. */
    private static final int THIRDS = Integer.getInteger("voltlane.thirds", -1);
    /** Of ten worlds, so many have a firehose of version 3. */
    private static final int FIREHOSES = Integer.getInteger("voltlane.firehoses", 5);

    private static final HeartbeatBounds HEARTBEATS = new HeartbeatBounds(5, HEARTBEAT_SECS, 300);

    static Rules of(Dice dice, int mostClients) {
        int maxFrameBytes = (int) dice.oneOf(40, 300, 5_000, 20_000);
        boolean memoryBounded = dice.oneIn(6);
        boolean crowded = dice.oneIn(4);
        long memoryLimitBytes = memoryBounded ? dice.oneOf(300_000, 1_000_000) : UNBOUNDED;
        QueueBounds unacknowledged = new QueueBounds(dice.oneOf(5, 1_000, 8_192), dice.oneOf(2_000, PLENTY, PLENTY));
        boolean firehose3 = dice.below(10) < FIREHOSES;
        return new Rules(
                new SessionSettings(
                        seconds(dice.oneOf(0, 5, 60, 300)),
                        dice.oneOf(0, 1, 3, crowded ? 6 : PLENTY, PLENTY, PLENTY),
                        dice.oneOf(0, 0, 0, 2),
                        new QueueBounds(dice.oneOf(0, 1, 5, 1_000), dice.oneOf(80, 2_000, PLENTY)),
                        unacknowledged,
                        false),
                new EdgeSettings(
                        maxFrameBytes,
                        seconds(dice.oneOf(2, 10)),
                        new QueueBounds(dice.oneOf(1, 3, 20, PLENTY), dice.oneOf(100, 2_000, PLENTY, PLENTY)),
                        !firehose3 && dice.oneIn(4),
                        peerTimeout(dice),
                        TrustedProxies.NONE,
                        new ServedVersions(true, true, HEARTBEATS, 300, unacknowledged)),
                new UplinkSettings(
                        "127.0.0.1",
                        42_001,
                        Limits.masterFrameLimitBytes(maxFrameBytes),
                        dice.oneOf(1, 4, 50, PLENTY),
                        Math.min(dice.oneOf(300, 5_000, PLENTY), memoryLimitBytes / 4),
                        seconds(30),
                        peerTimeout(dice)),
                dice.oneIn(crowded ? 2 : 3) ? limits(dice, crowded) : GuardLimits.OFF,
                !crowded && dice.oneIn(8) ? (int) dice.oneOf(8, 24) : PLENTY,
                (int) dice.oneOf(1, 2, 10),
                (int) dice.oneOf(1, 1, 2, 3),
                dice.between((mostClients + 1) / 2, mostClients),
                memoryLimitBytes,
                seconds(dice.oneOf(1, 5)),
                (int) dice.oneOf(1, 3, 1_000),
                (int) dice.oneOf(600, 4_096, 65_536),
                (int) (THIRDS < 0 ? dice.oneOf(0, 0, 0, 2, 5, 10) : THIRDS),
                firehose3,
                dice.oneIn(3),
                crowded);
    }

    private static long peerTimeout(Dice dice) {
        return dice.oneIn(4) ? seconds(dice.oneOf(1, 4)) : 0;
    }

    private static GuardLimits limits(Dice dice, boolean crowded) {
        ConnectionLimits handshakes =
                ConnectionLimits.OFF.withHandshakes(FairRules.HANDSHAKES).withHandshakesPerIp(dice.oneOf(0, 8, 50));
        ConnectionLimits connections = new ConnectionLimits(
                dice.oneOf(0, 0, 1, 5),
                dice.oneOf(0, 0, 1, 4),
                dice.oneOf(0, 0, 0, 6),
                dice.oneOf(0, 0, 3),
                dice.oneOf(0, 0, 2),
                dice.oneOf(0, 0, 1, 8, 40),
                dice.oneOf(0, 0, 1, 4));
        RateLimits rates = new RateLimits(
                dice.oneOf(0, 0, 5, 50),
                dice.oneOf(0, 0, 500, 20_000),
                dice.oneIn(3) ? RatePolicy.KICK : RatePolicy.PAUSE,
                dice.oneOf(0, 0, 2, 8));
        return new GuardLimits(
                crowded ? handshakes : dice.oneIn(2) ? connections : ConnectionLimits.OFF,
                dice.oneIn(2) ? rates : RateLimits.OFF,
                dice.oneIn(2) ? new ResumeLimits(dice.oneOf(0, 1, 1, 2, 5), dice.oneOf(2, 30)) : ResumeLimits.OFF,
                CidrSet.EMPTY,
                dice.oneIn(4) ? Objects.requireNonNull(CidrSet.of(List.of(DENIED))) : CidrSet.EMPTY);
    }

    /** True if the honest client with this number speaks version 3. */
    boolean isThird(int number) {
        return number % 10 < thirds;
    }

    boolean keepsStale() {
        return sessions.staleTimeoutNanos() > 0 && sessions.maxStale() > 0;
    }

    /** Sessions can't fall for being too many away. */
    boolean evictsNobody() {
        return sessions.maxStale() >= PLENTY && sessions.maxStalePerIp() == 0;
    }

    /** Strangers that may come at once. */
    int burst() {
        return crowded && limits.connections().handshakes() > 0 ? FairRules.BURST : 20;
    }

    boolean isMemoryBounded() {
        return memoryLimitBytes < UNBOUNDED;
    }

    long idleNanos() {
        return seconds(limits.rates().idleTimeoutSecs());
    }

    boolean limitsRates() {
        return limits.rates().packetsPerSec() > 0 || limits.rates().bytesPerSec() > 0;
    }

    /** True if the server stops reading for a while from a client that sends too much. */
    boolean pausesForRate() {
        return limitsRates() && limits.rates().policy() == RatePolicy.PAUSE;
    }

    /** The session of who sends too much ends. */
    boolean kicksForRate() {
        return limitsRates() && limits.rates().policy() == RatePolicy.KICK;
    }

    /** Somebody may be sent away for nothing that he did. */
    boolean limitsConnections() {
        return !limits.connections().equals(ConnectionLimits.OFF) || bans() || hasLittleRoom();
    }

    boolean hasLittleRoom() {
        return room < PLENTY;
    }

    /** Others from the same address or subnet may keep somebody out. */
    boolean limitsAddresses() {
        ConnectionLimits of = limits.connections();
        return of.perIp() > 0 || of.perSubnet() > 0 || of.perSecPerIp() > 0 || bans();
    }

    boolean bans() {
        return limits.resumes().failuresPerMinPerIp() > 0 && limits.resumes().banSecs() > 0;
    }

    /** An owner may be kept from his session by what others do, even where no stranger does anything any more. */
    boolean mayKeepOwnersOut() {
        ConnectionLimits of = limits.connections();
        return limitsAddresses() || of.handshakes() > 0 || of.handshakesPerIp() > 0 || hasLittleRoom();
    }

    static long seconds(long seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }
}
