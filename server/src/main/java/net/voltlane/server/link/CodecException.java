package net.voltlane.server.link;

import net.voltlane.protocol.Reason;
import net.voltlane.server.metrics.Metric;
import org.jspecify.annotations.Nullable;

/**
 * A peer's breach of the rules of a transport's codec, such as bytes that are no TLS, or a WebSocket frame that is not
 * masked. The codec passes it on to the connection's last handler by {@code fireExceptionCaught}, which counts it, logs
 * it and closes the connection. It has no stack trace. Immutable.
 */
public final class CodecException extends Exception {
    private static final long serialVersionUID = 1;

    private final Metric metric;
    private final @Nullable Reason reason;

    /**
     * @param metric the counter of such breaches
     * @param why the reason for the log, in words of our own, never bytes of the peer's
     * @param reason the reason for which it ends the session of a live link; null: the session stays, only the link is
     *     lost
     */
    public CodecException(Metric metric, String why, @Nullable Reason reason) {
        super(why, null, false, false);
        this.metric = metric;
        this.reason = reason;
    }

    /** The counter of such breaches. */
    public Metric metric() {
        return metric;
    }

    /** The reason for the log. */
    public String why() {
        return String.valueOf(getMessage());
    }

    /** The reason for which the session of a live link ends; null if it stays. */
    public @Nullable Reason reason() {
        return reason;
    }
}
