package net.voltlane.server.simulation;

/** Rules for sessions of version 3 that hold whenever the server has nothing left to do. */
final class QuietRules3 {
    /** Frames that may be taken over without being acknowledged. */
    private static final int FRAMES_UNACKNOWLEDGED = 64;

    private final World world;
    private final Rules rules;

    QuietRules3(World world) {
        this.world = world;
        rules = world.rules;
    }

    void check() {
        world.book.thirds.all().forEach(this::session);
    }

    private void session(Session3 session) {
        if (session.id() == 0) {
            return;
        }
        session.serverRead(); // looks at its links
        session.unless(!session.isKicked() || session.ended() != null, "was kicked, and has not ended");
        session.unless(
                !session.isLeft() || session.ended() != null || world.isGateShut(), "was left, and has not ended");
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
        if (!link.isAbused() && !world.isGateShut()) { // else it may wait behind the handshake
            session.unless(
                    session.reached() == session.serverRead(),
                    link + ": " + session.serverRead() + " read, " + session.reached() + " forwarded");
        }
        if (link.link.isRoomy() && !link.link.isVanished()) {
            session.unless(
                    link.taken() == session.dueFrames(),
                    link + " reads, but got " + link.taken() + " of " + session.dueFrames());
            long missing = session.reached() - link.acknowledged();
            session.unless(
                    rules.firehose3() || missing < FRAMES_UNACKNOWLEDGED,
                    link + ": " + missing + " frames are not acknowledged");
        }
    }

    private void bounds(Session3 session) {
        int packets = session.keptFrames();
        boolean over = packets > 1
                && (packets > rules.sessions().unacknowledged().packets()
                        || session.keptBytes()
                                > rules.sessions().unacknowledged().bytes());
        session.unless(
                !over || world.wasGateEverShut(),
                packets + " packets, " + session.keptBytes() + " bytes are kept for it");
    }

    /** All is well, and has been for a while: both ends have got all. */
    void healed() {
        world.book.thirds.all().forEach(session -> {
            Session3 current = session.owner.session();
            if (session != current || session.isOver() || session.ended() != null || session.client.id() == 0) {
                return;
            }
            Link3 link = session.current();
            if (!link.isLive() && rules.mayKeepOwnersOut()) {
                return;
            }
            session.unless(link.isLive(), "its client can't come back");
            if (rules.limitsRates()) {
                return; // it takes its time
            }
            session.unless(session.reached() == session.sentUp(), "not all that was sent has reached the server");
            session.unless(session.client.acknowledged() == session.sentUp(), "not all that was sent is acknowledged");
            session.unless(
                    !rules.firehose3() || session.arrived() == session.sentUp(),
                    "not all that was sent has reached the backend");
            session.unless(
                    session.client.received() == session.sentDownFrames(),
                    "its client has got " + session.client.received() + " of " + session.sentDownFrames());
            session.unless(session.keptFrames() == 0, session.keptFrames() + " packets are still kept for it");
        });
    }
}
