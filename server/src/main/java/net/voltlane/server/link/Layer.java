package net.voltlane.server.link;

import java.net.InetAddress;
import net.voltlane.protocol.CloseCode;
import net.voltlane.server.metrics.Metric;
import org.jspecify.annotations.Nullable;

/**
 * The part of a transport that belongs to one connection, as the link above sees it. Bare TCP knows nothing of a connection and has
 * {@link #NONE}; a codec that agrees on something with the client, or holds input of its own, answers for it here.
 *
 * <p>A codec reports a fault in the client's bytes in order with the data: it passes on a frame of length {@link
 * #FAULT_LENGTH}, which no limit allows, and {@link #fault} then tells what was wrong. Belongs to the channel's loop, but
 * for {@link #heldBytes}.
 */
public interface Layer {
    /** The layer of a transport without one. */
    Layer NONE = new Layer() {};

    /** The length of the frame that stands for a fault. Read as an unsigned number, it is over every limit. */
    int FAULT_LENGTH = -1;

    /** Waits for the name that a web proxy gives to its client. */
    interface Naming {
        /** The address that the connection comes from. */
        InetAddress proxy();

        /** True if the address may speak for others. */
        boolean trusts(InetAddress address);

        /**
         * Begins the handshake of the client.
         *
         * @return false if a limit stands against the client; the connection is closed then
         */
        boolean named(InetAddress client);
    }

    /**
     * A fault in the bytes of a client.
     *
     * @param metric counts it before there is a session
     * @param how what the client did, for the log
     * @param isAnswered true if the codec has told the client already
     */
    record Fault(Metric metric, String how, boolean isAnswered) {}

    /** The protocol version that was agreed on below the frames; 0 if the first frame tells it. */
    default int agreedVersion() {
        return 0;
    }

    /** Sets the longest message that the client may send from now on. */
    default void limitMessages(int maxFrameBytes) {
        // The link applies the limit.
    }

    /** Has the client's address be named by the proxy before the client is answered. Once, before the first read. */
    default void awaitName(Naming naming) {
        throw new UnsupportedOperationException("this transport names no clients");
    }

    /**
     * Writes, without a flush, that a limit stands against the client.
     *
     * @param retryAfterMillis the time before which a new attempt is of no use; 0: unknown
     * @return false if the transport has no words for it now
     */
    default boolean tellBusy(long retryAfterMillis) {
        return false;
    }

    /**
     * Notes why the link ends, for the transport's farewell. The first call counts. What the client sends from now on is
     * dropped.
     *
     * @param text the backend's own for the client; empty if there is none
     */
    default void endsWith(CloseCode why, byte[] text) {
        // The farewell gives no reason.
    }

    /** True if the transport's farewell has words, so that the output must not be cut behind them. */
    default boolean hasFarewell() {
        return false;
    }

    /** The bytes among those of the last read that were told by a {@link LayerInput} of an earlier read. */
    default int countedBytes() {
        return 0;
    }

    /** The fault in the client's bytes; null if there was none. */
    default @Nullable Fault fault() {
        return null;
    }

    /** The bytes of input that the codec holds. Any thread. */
    default long heldBytes() {
        return 0;
    }
}
