package net.voltlane.protocol.firehose3;

import java.util.Arrays;
import net.voltlane.protocol.FieldReader;
import net.voltlane.protocol.FieldWriter;
import net.voltlane.protocol.MalformedPacketException;

/**
 * The first packet of a server on a firehose.
 *
 * <pre>
 *  byte   0         2               18              34             42        n
 *       +---------+----- ... -----+----- ... -----+--------------+---------+
 *       | u16     | 16 bytes      | 16 bytes      | u64 received | map     |
 *       | version | server        | backend       |              |         |
 *       +---------+----- ... -----+----- ... -----+--------------+---------+
 * </pre>
 *
 * @param version the version of the firehose, 0 to 65535: {@value net.voltlane.protocol.Limits#PROTOCOL_VERSION_3}
 * @param server the random name of this server process, 16 bytes
 * @param backend the name of the backend process that the server last spoke to, 16 bytes; all zeros: none
 * @param received the number of numbered packets received from that backend, 0 to 2^53 - 1
 * @param attributes room for additions, unknown ones are ignored
 */
public record Hello(int version, byte[] server, byte[] backend, long received, Attributes attributes)
        implements FirehoseMessage {

    static Hello read(FieldReader in) throws MalformedPacketException {
        return new Hello(
                in.u16("version"),
                in.bytes("server", INSTANCE_BYTES),
                in.bytes("backend", INSTANCE_BYTES),
                in.count("received"),
                Attributes.read(in));
    }

    @Override
    public int flag() {
        return MessageFlag.HELLO;
    }

    @Override
    public void writeData(FieldWriter out) {
        out.u16(version)
                .bytes(server, INSTANCE_BYTES)
                .bytes(backend, INSTANCE_BYTES)
                .count(received);
        attributes.write(out);
    }

    /** Returns true if the server names no backend that it has spoken to. */
    public boolean isFirst() {
        return FirehoseMessage.isZero(backend);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Hello that
                && version == that.version
                && Arrays.equals(server, that.server)
                && Arrays.equals(backend, that.backend)
                && received == that.received
                && attributes.equals(that.attributes);
    }

    @Override
    public int hashCode() {
        return 31
                        * (31
                                        * (31 * (31 * Integer.hashCode(version) + Arrays.hashCode(server))
                                                + Arrays.hashCode(backend))
                                + Long.hashCode(received))
                + attributes.hashCode();
    }

    @Override
    public String toString() {
        return "Hello[version=" + version + ", server=" + FirehoseMessage.hex(server) + ", backend="
                + FirehoseMessage.hex(backend) + ", received=" + received + ", attributes=" + attributes + "]";
    }
}
