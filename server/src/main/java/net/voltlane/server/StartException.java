package net.voltlane.server;

/** Thrown when the server can't start for a reason that its operator can mend. The message names the reason. */
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean configuration;

    StartException(String message) {
        this(message, false);
    }

    private StartException(String message, boolean configuration) {
        super(message);
        this.configuration = configuration;
    }

    /** An exception for a setting that can't be used as it is, or a file that a setting names. */
    static StartException configuration(String message) {
        return new StartException(message, true);
    }

    /**
     * True if every start will fail until the configuration, or a file that it names, is mended. False if another
     * attempt may succeed.
     */
    public boolean isConfiguration() {
        return configuration;
    }
}
