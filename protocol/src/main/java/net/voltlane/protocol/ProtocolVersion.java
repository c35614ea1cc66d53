package net.voltlane.protocol;

/**
 * The first word of every client.
 *
 * @param version a u32, to be read as unsigned; servers take {@link Limits#PROTOCOL_VERSION} only
 */
public record ProtocolVersion(int version) implements HandshakePacket {

    @Override
    public String toString() {
        return "ProtocolVersion[version=" + Integer.toUnsignedString(version) + "]";
    }
}
