package net.voltlane.protocol;

/**
 * The id of a session. The server sends it to a new client; a client sends it to resume that session.
 *
 * @param id a u64, read as unsigned: 1 to 2^53 - 1 from a server, any number from a client
 */
public record ClientId(long id) implements HandshakePacket {

    @Override
    public String toString() {
        return "ClientId[id=" + Long.toUnsignedString(id) + "]";
    }
}
