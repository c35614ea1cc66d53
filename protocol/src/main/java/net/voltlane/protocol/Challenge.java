package net.voltlane.protocol;

import java.util.Arrays;

/**
 * What a resuming client has to open to show that it owns the session's key.
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
