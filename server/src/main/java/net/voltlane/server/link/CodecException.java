package net.voltlane.server.link;

import net.voltlane.server.metrics.Metric;

/**
 * A peer's breach of the rules of a codec that protects bytes, such as bytes that are no TLS. Nothing can be understood
 * behind it, so the link is lost, and the session stays. The codec passes it on to the connection's last handler by
 * {@code fireExceptionCaught}, which counts it, logs it and closes the connection. It has no stack trace. Immutable.
 */
public final class CodecException extends Exception {
    private static final long serialVersionUID = 1;

    private final Metric rejected;
    private final Metric broken;

    /**
     * @param rejected the counter of such breaches of connections that have no session yet
     * @param broken the counter of those on links with a session
     * @param why the reason for the log, in words of our own, never bytes of the peer's
     */
    public CodecException(Metric rejected, Metric broken, String why) {
        super(why, null, false, false);
        this.rejected = rejected;
        this.broken = broken;
    }

    /** The counter where the connection has no session yet. */
    public Metric rejected() {
        return rejected;
    }

    /** The counter where the link has a session. */
    public Metric broken() {
        return broken;
    }

    /** The reason for the log. */
    public String why() {
        return String.valueOf(getMessage());
    }
}
