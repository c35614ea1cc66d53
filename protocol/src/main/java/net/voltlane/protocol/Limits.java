package net.voltlane.protocol;

/**
 * Numbers on which both ends must agree. Sizes are in bytes and count a frame's payload, never its length prefix.
 */
public final class Limits {

    /** The number of protocol version 2: client links and firehoses without acknowledgements. */
    public static final int PROTOCOL_VERSION = 2;

    /** The number of protocol version 3: client links and firehoses with acknowledgements. */
    public static final int PROTOCOL_VERSION_3 = 3;

    /** The largest number that version 3 takes for a count of packets or bytes: 2^53 - 1. A larger one is a violation. */
    public static final long MAX_COUNT = (1L << 53) - 1;

    /** The longest credentials that a client of version 3 may send when it opens a session. */
    public static final int MAX_CREDENTIALS_BYTES = 4096;

    /**
     * The longest frame of version 3 behind the first and other than Data: all frames of the handshake, and every frame
     * without a payload afterwards. The type byte counts.
     */
    public static final int MAX_CONTROL_FRAME_BYTES = 8192;

    /**
     * The longest frame that a client may send up to and including its PubKey or Ping. Until then the client has proved
     * nothing, and a stranger must not make a server hold more than this.
     */
    public static final int MAX_HANDSHAKE_FRAME_BYTES = 1024;

    /**
     * The longest frame on a client link after the handshake, by default. With a tag it is exactly
     * {@link #MIN_MASTER_FRAME_LIMIT_BYTES} long, so that common backends accept even the longest client frame.
     */
    public static final int DEFAULT_MAX_FRAME_BYTES = 8_388_599;

    /** The size (8 MiB) up to which the firehose accepts frames, whatever is configured for clients. */
    public static final int MIN_MASTER_FRAME_LIMIT_BYTES = 8_388_608;

    /** Room below {@link Integer#MAX_VALUE} for a prefix, a tag, and the few elements that JVMs do not give to arrays. */
    private static final int ARRAY_HEADROOM_BYTES = 64;

    private Limits() {}

    /**
     * Returns the longest frame that is accepted from the firehose.
     *
     * <p>The limit grows with the limit for clients, as each packet gets a tag, but does not shrink with it: a small limit
     * is meant for hostile clients, and must not cut the firehose when the backend sends a large packet.
     *
     * @param maxFrameBytes the limit for client links, 0 to {@code Integer.MAX_VALUE - 64}
     * @throws IllegalArgumentException if {@code maxFrameBytes} is outside of that range
     */
    public static int masterFrameLimitBytes(int maxFrameBytes) {
        if (maxFrameBytes < 0 || maxFrameBytes > Integer.MAX_VALUE - ARRAY_HEADROOM_BYTES) {
            throw new IllegalArgumentException("maxFrameBytes: " + maxFrameBytes + " (expected: 0 to "
                    + (Integer.MAX_VALUE - ARRAY_HEADROOM_BYTES) + ")");
        }
        return Math.max(maxFrameBytes + Tag.BYTES, MIN_MASTER_FRAME_LIMIT_BYTES);
    }
}
