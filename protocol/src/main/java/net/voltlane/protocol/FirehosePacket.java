package net.voltlane.protocol;

import java.util.Arrays;

/**
 * One packet of the firehose, taken out of its frame. For tools, tests and backends; the server's hot path reads the
 * tag in place (see {@link Tag}) and never builds one.
 *
 * @param id the session's id, to be read as unsigned
 * @param flag what the packet is about
 * @param data what follows the tag; not copied, so leave it alone while the packet is in use
 */
public record FirehosePacket(long id, Flag flag, byte[] data) {

    private static final int FLAG_OFFSET = Tag.ID_BYTES;

    /**
     * Takes the payload of a firehose frame apart.
     *
     * @throws MalformedPacketException if it is shorter than a tag or its flag is unknown: skip the packet and keep the
     *     link
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

    /** This packet as a whole frame. */
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

    /** Id, flag and size: what users send to each other has no place in a log. */
    @Override
    public String toString() {
        return "FirehosePacket[id=" + Long.toUnsignedString(id) + ", flag=" + flag + ", data=" + data.length
                + " bytes]";
    }
}
