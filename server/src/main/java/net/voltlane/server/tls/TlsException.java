package net.voltlane.server.tls;

/** The reason why TLS can't be had with the files that are configured: a line for the operator. */
public final class TlsException extends Exception {
    private static final long serialVersionUID = 1;

    /** @param message such as {@code "tls.certificate: chat.pem: no such file (expected: a file in PEM)"} */
    TlsException(String message) {
        super(message);
    }

    /** The line for the operator. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
