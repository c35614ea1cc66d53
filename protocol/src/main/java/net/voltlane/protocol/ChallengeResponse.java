package net.voltlane.protocol;

import java.util.Arrays;

/**
 * What was in the {@link Challenge}, sealed again by the client.
 *
 * @param box 72 bytes from a client that keeps to the protocol; anything from one that does not
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
