package net.voltlane.server.simulation;

/** Rules for sessions of version 3 that hold whenever the server has nothing left to do. */
final class QuietRules3 {
    /** Frames that may be taken over without being acknowledged. */
    private static final int FRAMES_UNACKNOWLEDGED = 64;

    /** The time from a client's last act to the end of the sweeps behind it. */
    private static final long JUST_NOW_NANOS = 500_000_000L;

    private final World world;
    private final Rules rules;

    QuietRules3(World world) {
        this.world = world;
        rules = world.rules;
    }

    void check() {
        world.book.thirds.all().forEach(this::session);
    }

    /**
     * A link that does not read still holds the rest of a packet, and Close behind it, for a session that has ended. The
     * next byte that is charged makes it give that up.
     */
    boolean mayHoldTheirLast() {
        return world.book.thirds.all().stream()
                .filter(session -> session.ended() != null)
                .flatMap(session -> session.links.stream())
                .anyMatch(link -> !link.link.isClosed() && !link.link.isRoomy());
    }

    /** Something is kept for a client that has not acknowledged it, or half a frame of one that does what it must not. */
    boolean mayKeepSomething() {
        return world.book.thirds.all().stream()
                .anyMatch(session -> session.id() == 0
                        || session.links.stream().anyMatch(Link3::isAbused)
                        || session.ended() == null && session.keptFrames() > 0);
    }

    /** Bytes that are held for as long as their sessions last. */
    long credentialsBytes() {
        return world.book.thirds.all().stream()
                .filter(session -> session.ended() == null)
                .mapToLong(session -> session.credentials().length)
                .sum();
    }

    private void session(Session3 session) {
        if (session.id() == 0) {
            return;
        }
        session.serverRead(); // looks at its links
        session.isAcknowledgedRightly();
        session.unless(!session.isKicked() || session.ended() != null, "was kicked, and has not ended");
        session.unless(
                !session.isLeft() || session.ended() != null || world.isGateShut() || session.isSuspended(),
                "was left, and has not ended");
        Link3 link = session.lastJoined();
        if (link == null || session.ended() != null || mayHaveMovedFrom(session, link)) {
            return;
        }
        bounds(session);
        if (link.link.isCut()) {
            return;
        }
        if (link.link.isGivenUp()) {
            boolean mayBe = rules.isMemoryBounded() || session.causes().isSilent(link);
            session.unless(mayBe || world.server.isEnding(), link + " was closed without a cause");
            return;
        }
        live(session, link);
    }

    /** Another link has proved itself, and its socket was not told yet, or was lost before that. */
    private static boolean mayHaveMovedFrom(Session3 session, Link3 link) {
        return session.links.stream()
                .anyMatch(other -> other != link && !other.isJoined() && other.resumes() && other.isProofRead());
    }

    private void live(Session3 session, Link3 link) {
        if (!world.isGateShut() && !session.isSuspended()) { // else it may wait behind the handshake
            session.unless(
                    session.reached() == session.serverRead(),
                    link + ": " + session.serverRead() + " read, " + session.reached() + " forwarded");
        }
        if (link.link.isRoomy() && !link.link.isVanished()) {
            session.unless(
                    link.taken() == session.dueFrames(),
                    link + " reads, but got " + link.taken() + " of " + session.dueFrames());
            long missing = session.takenOver() - link.acknowledged();
            session.unless(missing < FRAMES_UNACKNOWLEDGED, link + ": " + missing + " frames are not acknowledged");
        }
    }

    private void bounds(Session3 session) {
        int packets = session.keptFrames();
        boolean over = packets > 1
                && (packets > rules.sessions().unacknowledged().packets()
                        || session.keptBytes()
                                > rules.sessions().unacknowledged().bytes());
        session.unless(
                !over || world.wasGateEverShut() || !session.hasGotMoreSinceJoined(), // the overflow crossed a takeover
                packets + " packets, " + session.keptBytes() + " bytes are kept for it");
    }

    /** All is well: both ends have got all. */
    boolean isHealed() {
        return world.book.thirds.all().stream()
                .allMatch(session -> missing(session).isEmpty());
    }

    /** All is well, and has been for a while. */
    void healed() {
        world.book.thirds.all().forEach(session -> {
            String missing = missing(session);
            session.unless(missing.isEmpty(), missing);
        });
    }

    /** Answers with what its ends have not got; empty if they have, or can't be expected to. */
    private String missing(Session3 session) {
        if (session != session.owner.session() || session.isOver() || session.ended() != null) {
            return "";
        }
        boolean live = session.current().isLive();
        boolean abused = session.links.stream().anyMatch(Link3::isAbused);
        if (abused || session.client.id() == 0 || rules.limitsRates() || !live && rules.mayKeepOwnersOut()) {
            return ""; // of rates each takes its time
        }
        if (!live) {
            return isGivenUpJustNow(session) ? "" : "its client can't come back";
        }
        if (session.reached() != session.sentUp()) {
            return "only " + session.reached() + " of " + session.sentUp() + " have reached the server";
        }
        if (rules.firehose3() && session.arrived() != session.sentUp()) {
            return "only " + session.arrived() + " of " + session.sentUp() + " have reached the backend";
        }
        if (session.client.acknowledged() != session.sentUp()) {
            return "only " + session.client.acknowledged() + " of " + session.sentUp() + " are acknowledged";
        }
        if (session.client.received() != session.sentDownFrames()) {
            return "its client has got " + session.client.received() + " of " + session.sentDownFrames();
        }
        return session.keptFrames() == 0 ? "" : session.keptFrames() + " packets are still kept for it";
    }

    /** Tells whether the client was given up for its silence just now. One that says too little comes back each time. */
    private boolean isGivenUpJustNow(Session3 session) {
        SimLink link = session.current().link;
        return link.isGivenUp()
                && world.now() - link.givenUpAtNanos() <= JUST_NOW_NANOS
                && session.causes().isSilent(session.current());
    }
}
