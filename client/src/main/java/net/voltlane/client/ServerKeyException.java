package net.voltlane.client;

import java.io.Serial;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when the server shows another key than the pinned one, or than the one that the session was opened with. It is
 * another server, a server that has lost its key file, or an attacker in between. The client has not asked it for the
 * session. Ask the server's operator before you accept the new key.
 */
public final class ServerKeyException extends ClientException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** The key that the server showed, 33 bytes. */
    private final byte[] actualKey;

    private ServerKeyException(String message, @Nullable Throwable cause, byte[] actualKey) {
        super(CloseReason.SERVER_KEY_CHANGED, message, cause);
        this.actualKey = actualKey;
    }

    static ServerKeyException of(byte[] expectedKey, byte[] actualKey) {
        HexFormat hex = HexFormat.of();
        return new ServerKeyException(
                "the server's key is " + hex.formatHex(actualKey) + " (expected: " + hex.formatHex(expectedKey) + ")",
                null,
                actualKey);
    }

    /**
     * Returns the key that the server showed.
     *
     * @return 33 bytes, a fresh copy
     */
    public byte[] actualKey() {
        return actualKey.clone();
    }

    @Override
    ServerKeyException copy() {
        return new ServerKeyException(text(), this, actualKey);
    }
}
