package net.voltlane.protocol;

import java.util.Arrays;

/**
 * A resuming client's answer: the contents of the {@link Challenge}, sealed again under a nonce of the client's own.
 *
 * @param box 72 bytes from a client that keeps to the protocol; any bytes from another one
 */
public record ChallengeResponse(byte[] box) implements HandshakePacket {

    @Override
    public boolean equals(Object other) {
        return other instanceof ChallengeResponse that && Arrays.equals(box, that.box);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(box);
    }

    @Override
    public String toString() {
        return "ChallengeResponse[box=" + box.length + " bytes]";
    }
}
