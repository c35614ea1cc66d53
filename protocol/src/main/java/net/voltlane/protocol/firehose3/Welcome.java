package net.voltlane.protocol.firehose3;

import java.util.Arrays;
import net.voltlane.protocol.FieldReader;
import net.voltlane.protocol.FieldWriter;
import net.voltlane.protocol.MalformedPacketException;

/**
 * The first packet of a backend on a firehose: the answer to {@link Hello}.
 *
 * <pre>
 *  byte   0         2               18             26           28        n
 *       +---------+----- ... -----+--------------+------------+---------+
 *       | u16     | 16 bytes      | u64 received | u16 wishes | map     |
 *       | version | backend       |              |            |         |
 *       +---------+----- ... -----+--------------+------------+---------+
 * </pre>
 *
 * @param version the version of the firehose, 0 to 65535: {@value net.voltlane.protocol.Limits#PROTOCOL_VERSION_3}
 * @param backend the name of this backend process, 16 bytes, not all zeros
 * @param received the number of numbered packets received from this server process, 0 to 2^53 - 1
 * @param wishes a set of bits, 0 to 65535: {@link #DELIVERED}, {@link #SLOW}, {@link
 *     #ADOPTS}; unknown ones are ignored
 * @param attributes room for additions, unknown ones are ignored
 */
public record Welcome(int version, byte[] backend, long received, int wishes, Attributes attributes)
        implements FirehoseMessage {

    /** The wish to be told by {@link Delivered} what clients have acknowledged. */
    public static final int DELIVERED = 1;

    /** The wish to be told by {@link Slow} and {@link Ready} which clients are slow. */
    public static final int SLOW = 2;

    /**
     * The promise to keep what was sent until it is {@link Delivered}, and to answer an adopted session with {@link
     * Position}, {@link Elsewhere} or {@link Gap}.
     */
    public static final int ADOPTS = 4;

    static Welcome read(FieldReader in) throws MalformedPacketException {
        int version = in.u16("version");
        byte[] backend = in.bytes("backend", INSTANCE_BYTES);
        if (FirehoseMessage.isZero(backend)) {
            throw in.malformed("backend instance of zeros");
        }
        return new Welcome(version, backend, in.count("received"), in.u16("wishes"), Attributes.read(in));
    }

    @Override
    public int flag() {
        return MessageFlag.WELCOME;
    }

    @Override
    public void writeData(FieldWriter out) {
        if (FirehoseMessage.isZero(backend)) {
            throw new IllegalArgumentException("backend instance of zeros");
        }
        out.u16(version).bytes(backend, INSTANCE_BYTES).count(received).u16(wishes);
        attributes.write(out);
    }

    /** Returns true if the backend wishes {@link Delivered} packets. */
    public boolean wishesDelivered() {
        return (wishes & DELIVERED) != 0;
    }

    /** Returns true if the backend wishes {@link Slow} and {@link Ready} packets. */
    public boolean wishesSlow() {
        return (wishes & SLOW) != 0;
    }

    /** Returns true if the backend takes part in the adoption of sessions. */
    public boolean wishesAdoption() {
        return (wishes & ADOPTS) != 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Welcome that
                && version == that.version
                && Arrays.equals(backend, that.backend)
                && received == that.received
                && wishes == that.wishes
                && attributes.equals(that.attributes);
    }

    @Override
    public int hashCode() {
        return 31
                        * (31
                                        * (31 * (31 * Integer.hashCode(version) + Arrays.hashCode(backend))
                                                + Long.hashCode(received))
                                + Integer.hashCode(wishes))
                + attributes.hashCode();
    }

    @Override
    public String toString() {
        return "Welcome[version=" + version + ", backend=" + FirehoseMessage.hex(backend) + ", received=" + received
                + ", wishes=" + wishes + ", attributes=" + attributes + "]";
    }
}
