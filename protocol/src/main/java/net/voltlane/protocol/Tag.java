package net.voltlane.protocol;

/**
 * The first bytes of each packet on the firehose: the id of its session, and a flag. By its tag, a packet finds its client
 * although one stream carries the packets of all.
 *
 * <pre>
 *  byte   0               4                               12     13
 *       +---------------+-------------------------------+------+---- ... ----+
 *       |  length, u32  |    session id, u64            | flag |    data     |
 *       +---------------+-------------------------------+------+---- ... ----+
 *       |&lt;-- prefix --&gt;|&lt;-------------- tag (9) -------------&gt;|
 * </pre>
 *
 * Both integers are little-endian. The length covers tag and data, so it is at least 9.
 */
public final class Tag {

    /** Size of the session id. */
    public static final int ID_BYTES = 8;

    /** Size of a tag: id and flag. */
    public static final int BYTES = ID_BYTES + 1;

    /** Size of everything in front of the data of a firehose frame: length prefix and tag. */
    public static final int FRAME_HEADER_BYTES = Frame.PREFIX_BYTES + BYTES;

    /** Offset of the id from the start of the frame. */
    public static final int ID_OFFSET_IN_FRAME = Frame.PREFIX_BYTES;

    /** Offset of the flag from the start of the frame. */
    public static final int FLAG_OFFSET_IN_FRAME = ID_OFFSET_IN_FRAME + ID_BYTES;

    private Tag() {}

    /**
     * Returns a whole firehose frame.
     *
     * @param id the session's id, read as unsigned
     * @param data copied; may be empty
     */
    public static byte[] frame(long id, Flag flag, byte[] data) {
        byte[] frame = new byte[FRAME_HEADER_BYTES + data.length];
        LittleEndian.putInt(frame, 0, BYTES + data.length);
        LittleEndian.putLong(frame, ID_OFFSET_IN_FRAME, id);
        frame[FLAG_OFFSET_IN_FRAME] = flag.code();
        System.arraycopy(data, 0, frame, FRAME_HEADER_BYTES, data.length);
        return frame;
    }
}
