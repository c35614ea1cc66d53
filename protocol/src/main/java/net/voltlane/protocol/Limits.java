package net.voltlane.protocol;

/**
 * The numbers that both ends must agree on. Sizes are in bytes and count a frame's payload, never its length prefix.
 */
public final class Limits {

    /** The only protocol version that is spoken. */
    public static final int PROTOCOL_VERSION = 2;

    /**
     * The longest frame that a client may send up to and including its PubKey or Ping. Nobody has proved anything by
     * then, so a stranger must not make a server hold more than this.
     */
    public static final int MAX_HANDSHAKE_FRAME_BYTES = 1024;

    /**
     * The longest frame on a client link after the handshake, unless configured otherwise. It is {@link Tag#BYTES}
     * short of {@link #MIN_MASTER_FRAME_LIMIT_BYTES}, so that even the longest client frame, once tagged, passes common
     * backends.
     */
    public static final int DEFAULT_MAX_FRAME_BYTES = 8_388_599;

    /** Whatever is set for clients, the firehose takes frames of at least this size (8 MiB). */
    public static final int MIN_MASTER_FRAME_LIMIT_BYTES = 8_388_608;

    /** Room below {@link Integer#MAX_VALUE} for a prefix, a tag and what JVMs do not give to an array. */
    private static final int ARRAY_HEADROOM_BYTES = 64;

    private Limits() {}

    /**
     * The longest frame that is taken from the firehose.
     *
     * <p>It grows with the limit for clients, as a tag comes on top of each packet, but does not shrink with it: a
     * small limit is meant for hostile clients and must not cut the firehose when the backend sends something large.
     *
     * @param maxFrameBytes the limit for client links, 0 to {@code Integer.MAX_VALUE - 64}
     * @throws IllegalArgumentException if it is outside of that range
     */
    public static int masterFrameLimitBytes(int maxFrameBytes) {
        if (maxFrameBytes < 0 || maxFrameBytes > Integer.MAX_VALUE - ARRAY_HEADROOM_BYTES) {
            throw new IllegalArgumentException("maxFrameBytes: " + maxFrameBytes + " (expected: 0 to "
                    + (Integer.MAX_VALUE - ARRAY_HEADROOM_BYTES) + ")");
        }
        return Math.max(maxFrameBytes + Tag.BYTES, MIN_MASTER_FRAME_LIMIT_BYTES);
    }
}
