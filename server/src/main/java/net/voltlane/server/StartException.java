package net.voltlane.server;

/** The server can't start, for a reason that its operator can mend; the message says which. */
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

    /** For a setting, or a file that it names, that can't be used as it is. */
    static StartException configuration(String message) {
        return new StartException(message, true);
    }

    /**
     * Whether it will be the same at every start until the configuration, or a file that it names, is mended; else
     * another try may do.
     */
    public boolean isConfiguration() {
        return configuration;
    }
}
