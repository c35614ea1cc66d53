package net.voltlane.server.uplink;

/** The reason why TLS towards the master can't be had with the files that are configured: a line for the operator. */
public final class MasterTlsException extends Exception {
    private static final long serialVersionUID = 1L;

    MasterTlsException(String message) {
        super(message);
    }

    /** The line for the operator. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
