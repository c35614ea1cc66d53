package net.voltlane.server.session;

import org.jspecify.annotations.Nullable;

/** The facts about a session that was let go which its end is told with, should nobody have it any more. Immutable. */
record LetGoSession(
        long id, long epoch, int protocolVersion, long takenUp, long delivered, long nextDown, boolean isKnownToMaster)
        implements MasterPort.Subject {
    private static final LinkOrigin NONE = new LinkOrigin("", "", "");

    static LetGoSession of(Session session) {
        return new LetGoSession(
                session.id,
                session.epoch(),
                session.protocolVersion(),
                session.takenUp(),
                session.delivered(),
                session.nextDown(),
                session.isKnownToMaster());
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
