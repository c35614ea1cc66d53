package net.voltlane.protocol;

/**
 * How one stream carries the packets of all clients: each packet on the firehose begins with the id of its session and
 * a flag.
 *
 * <pre>
 *  byte   0               4                               12     13
 *       +---------------+-------------------------------+------+---- ... ----+
 *       |  length, u32  |    session id, u64            | flag |    data     |
 *       +---------------+-------------------------------+------+---- ... ----+
 *       |&lt;-- prefix --&gt;|&lt;-------------- tag (9) -------------&gt;|
 * </pre>
 *
 * Both integers are little-endian. The length covers tag and data, so it is never below 9.
 */
public final class Tag {

    /** The size of the session id. */
    public static final int ID_BYTES = 8;

    /** The size of a tag: id and flag. */
    public static final int BYTES = ID_BYTES + 1;

    /** What comes before the data of a firehose frame: length prefix and tag. */
    public static final int FRAME_HEADER_BYTES = Frame.PREFIX_BYTES + BYTES;

    /** Where the id starts, counted from the start of the frame. */
    public static final int ID_OFFSET_IN_FRAME = Frame.PREFIX_BYTES;

    /** Where the flag stands, counted from the start of the frame. */
    public static final int FLAG_OFFSET_IN_FRAME = ID_OFFSET_IN_FRAME + ID_BYTES;

    private Tag() {}

    /**
     * A whole firehose frame.
     *
     * @param id the session's id, read as unsigned
     * @param data copied, may be empty
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
