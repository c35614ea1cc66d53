package net.voltlane.server.session;

/** A world that is not as section 5 says. */
public final class WorldFailure extends AssertionError {
    private static final long serialVersionUID = 1;

    /** The session that it is about; 0: about none. */
    public final long session;

    public WorldFailure(long session, String message) {
        super(message);
        this.session = session;
    }

    public static void unless(boolean fine, long session, String message) {
        if (!fine) {
            throw new WorldFailure(session, message);
        }
    }
}
