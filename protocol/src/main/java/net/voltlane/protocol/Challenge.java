package net.voltlane.protocol;

import java.util.Arrays;

/**
 * The server's question to a resuming client: a box that only the holder of the session's key can open.
 *
 * @param box 32 random bytes, sealed: 72 bytes from a server that keeps to the protocol
 */
public record Challenge(byte[] box) implements HandshakePacket {

    @Override
    public boolean equals(Object other) {
        return other instanceof Challenge that && Arrays.equals(box, that.box);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(box);
    }

    @Override
    public String toString() {
        return "Challenge[box=" + box.length + " bytes]";
    }
}
