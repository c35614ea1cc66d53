package net.voltlane.protocol;

import java.util.Arrays;

/**
 * A packet of the firehose, taken out of its frame. It is for tools, tests and backends. The server's hot path builds no
 * such object and reads the {@link Tag} in place.
 *
 * @param id the session's id, read as unsigned
 * @param flag the packet's subject
 * @param data the bytes behind the tag; not copied, so do not change them while the packet is in use
 */
public record FirehosePacket(long id, Flag flag, byte[] data) {

    private static final int FLAG_OFFSET = Tag.ID_BYTES;

    /**
     * Decodes the payload of a firehose frame.
     *
     * @throws MalformedPacketException if the payload is shorter than a tag or its flag is unknown. Skip the packet then,
     *     and keep the link
     */
    public static FirehosePacket decode(byte[] payload) throws MalformedPacketException {
        if (payload.length < Tag.BYTES) {
            throw new MalformedPacketException(
                    "firehose packet of " + payload.length + " bytes (expected: at least " + Tag.BYTES + ")");
        }
        Flag flag = Flag.of(payload[FLAG_OFFSET] & 0xFF);
        if (flag == null) {
            throw new MalformedPacketException("firehose packet: unknown flag at byte " + FLAG_OFFSET);
        }
        byte[] data = Arrays.copyOfRange(payload, Tag.BYTES, payload.length);
        return new FirehosePacket(LittleEndian.getLong(payload, 0), flag, data);
    }

    /** Encodes this packet as a whole frame. */
    public byte[] frame() {
        return Tag.frame(id, flag, data);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FirehosePacket that
                && id == that.id
                && flag == that.flag
                && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Long.hashCode(id) + flag.hashCode()) + Arrays.hashCode(data);
    }

    /** Returns id, flag and size. The data belongs to users, and has no place in a log. */
    @Override
    public String toString() {
        return "FirehosePacket[id=" + Long.toUnsignedString(id) + ", flag=" + flag + ", data=" + data.length
                + " bytes]";
    }
}
