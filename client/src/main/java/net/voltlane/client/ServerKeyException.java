package net.voltlane.client;

import java.io.Serial;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The server has another key than the one that is pinned, or that the session was opened with. It is another server,
 * one whose key file was lost, or someone in between. It was not asked for the session; do not accept the new key
 * without asking somebody.
 */
public final class ServerKeyException extends ClientException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** What the server showed, 33 bytes. */
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
     * The key that the server showed.
     *
     * @return 33 bytes, a fresh copy
     */
    public byte[] actualKey() {
        return actualKey.clone();
    }

    @Override
    ServerKeyException again() {
        return new ServerKeyException(text(), this, actualKey);
    }
}
