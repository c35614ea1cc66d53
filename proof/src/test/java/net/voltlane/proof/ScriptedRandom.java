package net.voltlane.proof;

import java.io.Serial;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/** A source of chosen bytes, so that results that are random in production can be compared with a vector. */
final class ScriptedRandom extends SecureRandom {

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient ByteBuffer script;

    ScriptedRandom(byte[]... pieces) {
        int length = 0;
        for (byte[] piece : pieces) {
            length += piece.length;
        }
        script = ByteBuffer.allocate(length);
        for (byte[] piece : pieces) {
            script.put(piece);
        }
        script.flip();
    }

    @Override
    public void nextBytes(byte[] bytes) {
        script.get(bytes);
    }

    boolean isUsedUp() {
        return !script.hasRemaining();
    }
}
