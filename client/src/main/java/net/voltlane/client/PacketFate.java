package net.voltlane.client;

/**
 * The knowledge about a packet that was not acknowledged when its session or its client ended; see
 * {@link NotAcknowledgedException#fate()}. New versions may add values, so give a {@code switch} a default.
 */
public enum PacketFate {
    /** No part of it was ever sent, so the backend does not have it. */
    NOT_SENT,
    /** It was sent. The server may have it or not. */
    UNKNOWN,
    /** The server has it. Whether the backend has it too is not known. */
    AT_SERVER
}
