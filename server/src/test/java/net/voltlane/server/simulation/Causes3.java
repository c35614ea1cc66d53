package net.voltlane.server.simulation;

import net.voltlane.protocol.QueueBounds;
import net.voltlane.protocol.Reason;
import net.voltlane.server.metrics.Metric;

/** The causes for which a session of version 3, or one of its links, may end. */
final class Causes3 {
    private static final long SWEEP_NANOS = 400_000_000L;

    private final World world;
    private final Rules rules;
    private final Session3 session;
    private int mostKept;
    private long mostKeptBytes;

    Causes3(World world, Session3 session) {
        this.world = world;
        this.rules = world.rules;
        this.session = session;
    }

    boolean isCause(Reason reason) {
        return switch (reason) {
            case CLIENT_KICKED -> session.isKicked();
            case CLIENT_DISCONNECTED ->
                isAwayFor(rules.keepsStale() ? rules.sessions().staleTimeoutNanos() : 0);
            case CLIENT_EVICTED -> !rules.evictsNobody();
            case BUFFER_OVERFLOW -> !rules.edge().blocksOnOverflow() && couldOverflow() || mayKeepTooMuch();
            case MISSED_PACKETS_OVERFLOW -> mayKeepTooMuch();
            case MEMORY_LIMIT -> rules.isMemoryBounded();
            case RATE_LIMIT -> rules.kicksForRate();
            case SERVER_STOPPING -> world.server.isEnding();
            case FRAME_TOO_LARGE, PROTOCOL_VIOLATION -> session.links.stream().anyMatch(Link3::isAbused);
            case CLIENT_LEFT -> session.isLeft();
            case GAP -> session.owner.isLiar();
            case CLIENT_NOT_FOUND -> false;
        };
    }

    private boolean isAwayFor(long nanos) {
        Link3 last = session.lastJoined();
        return last == null
                || last.link.isGivenUp() && world.pauses.fairSince(last.link.givenUpAtNanos()) >= nanos
                // Taken for lost, and its socket did not even take Close: what was read since was discarded.
                || last.link.wasEverFull()
                        && world.pauses.fairSince(last.link.acceptedAtNanos)
                                >= lostAfterNanos(last) + nanos - SWEEP_NANOS
                || silentNanos(last, world.now()) >= lostAfterNanos(last) + nanos - SWEEP_NANOS
                // One that came later, whose socket was never told.
                || session.links.stream().anyMatch(link -> link != last && link.resumes() && link.isProofRead());
    }

    private boolean couldOverflow() {
        return isOver(rules.edge().channel());
    }

    private boolean mayKeepTooMuch() {
        return isOver(rules.sessions().unacknowledged());
    }

    private boolean isOver(QueueBounds bounds) {
        keeps();
        return mostKept > 1 && (mostKept > bounds.packets() || mostKeptBytes > bounds.bytes());
    }

    /** The server has read more for it. */
    void keeps() {
        mostKept = Math.max(mostKept, session.keptFrames());
        mostKeptBytes = Math.max(mostKeptBytes, session.keptBytes());
    }

    /** Close came on a link. */
    void closed(Link3 link, int code) {
        boolean may = switch (code) {
            case 1 -> session.isKicked();
            case 2 -> session.ended() != null || mayBeGone();
            case 3 -> session.owner.isLiar();
            case 4 -> couldOverflow() || mayKeepTooMuch();
            case 6 -> rules.isMemoryBounded();
            case 7, 8 -> link.isAbused();
            case 9 -> rules.kicksForRate();
            case 10 -> world.server.isEnding();
            case 11 -> rules.limitsConnections() || rules.isMemoryBounded() || world.server.isEnding();
            case 12 -> session.links.size() > 1;
            case 13 -> isSilent(link);
            case 15 -> session.isLeft();
            default -> false;
        };
        session.unless(may, link + " is closed for no cause, code " + code);
    }

    /** Its time may be over, though nobody has been told of it. */
    private boolean mayBeGone() {
        return !rules.evictsNobody()
                || isAwayFor(rules.keepsStale() ? rules.sessions().staleTimeoutNanos() : 0)
                || rules.isMemoryBounded()
                || mayKeepTooMuch();
    }

    /** Nothing was read on the link for so long that the server may take it for lost. */
    boolean isSilent(Link3 link) {
        long silent = silentNanos(link, link.link.endedAtNanos());
        long idle = rules.idleNanos();
        return link.link.wasEverFull() // its Close may have waited for long
                || silent >= 2 * heartbeat(link) - SWEEP_NANOS
                || idle > 0 && silent >= idle - SWEEP_NANOS
                || !link.isJoined()
                        && world.pauses.fairBetween(link.link.acceptedAtNanos, link.link.endedAtNanos())
                                >= handshakeNanos() - SWEEP_NANOS
                || link.link.isClosedForSilence();
    }

    /** The time for a handshake, which is short in the resume reserve. */
    private long handshakeNanos() {
        boolean reserve = world.server.count(Metric.RESUME_RESERVE_ENTERED) > 0;
        long most = rules.edge().handshakeTimeoutNanos();
        return reserve ? Math.min(most, LimitRules.RESERVE_STEP_NANOS) : most;
    }

    private long silentNanos(Link3 link, long untilNanos) {
        return world.pauses.fairBetween(link.link.readInUseNanos(), untilNanos);
    }

    /** The silence for which a link may be taken for lost. */
    private long lostAfterNanos(Link3 link) {
        long idle = rules.idleNanos();
        long peer = link.link.isVanished() ? rules.edge().peerTimeoutNanos() : 0;
        long most = 2 * heartbeat(link);
        most = idle > 0 ? Math.min(most, idle) : most;
        return peer > 0 ? Math.min(most, peer) : most;
    }

    private static long heartbeat(Link3 link) {
        return Rules.seconds(link.heartbeatSecs());
    }
}
