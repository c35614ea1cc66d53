package net.voltlane.protocol;

/**
 * Names a session: from the server it gives a new client its id, from a client it asks to resume that session.
 *
 * @param id a u64, to be read as unsigned; servers give out 1 to 2^53 - 1, clients may ask for anything
 */
public record ClientId(long id) implements HandshakePacket {

    @Override
    public String toString() {
        return "ClientId[id=" + Long.toUnsignedString(id) + "]";
    }
}
