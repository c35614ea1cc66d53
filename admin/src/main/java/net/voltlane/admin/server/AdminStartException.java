package net.voltlane.admin.server;

/** Thrown when there can be no admin server for a reason that the operator can mend. The message names the reason. */
public final class AdminStartException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean configuration;

    AdminStartException(String message, boolean configuration) {
        super(message);
        this.configuration = configuration;
    }

    /**
     * True if every start will fail until the configuration, or a file that it names, is mended. False if another
     * attempt may succeed.
     */
    public boolean isConfiguration() {
        return configuration;
    }
}
