package net.voltlane.server.session;

import org.jspecify.annotations.Nullable;

/** The facts about a session of which the master was told, and with which its end is told, should nobody have it any more. Immutable. */
record LetGoSession(long id, long epoch, int protocolVersion, long takenUp, long delivered, long nextDown)
        implements MasterPort.Subject {
    private static final LinkOrigin NONE = new LinkOrigin("", "", "");

    static LetGoSession of(Session session) {
        return new LetGoSession(
                session.id,
                session.epoch(),
                session.protocolVersion(),
                session.takenUp(),
                session.delivered(),
                session.nextDown());
    }

    @Override
    public boolean isKnownToMaster() {
        return true;
    }

    @Override
    public LinkOrigin origin() {
        return NONE;
    }

    @Override
    public byte @Nullable [] credentials() {
        return null;
    }

    @Override
    public void acknowledged(long packets) {
        // it is over
    }
}
