package net.voltlane.protocol;

/**
 * The first packet of every client, in all versions of the protocol.
 *
 * @param version a u32, read as unsigned; servers accept {@link Limits#PROTOCOL_VERSION} only
 */
public record ProtocolVersion(int version) implements HandshakePacket {

    @Override
    public String toString() {
        return "ProtocolVersion[version=" + Integer.toUnsignedString(version) + "]";
    }
}
