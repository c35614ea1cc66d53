package net.voltlane.server.store;

/**
 * Bytes from a store that are not what a server with this key has sealed for this session. The message is for operators,
 * and contains none of the bytes. Has no stack trace.
 */
public final class UnreadableRecordException extends Exception {
    private static final long serialVersionUID = 1;

    UnreadableRecordException(String message) {
        super(message, null, false, false);
    }
}
