package net.voltlane.server.store;

import org.jspecify.annotations.Nullable;

/** A store that can't do what was asked, for a reason that lies outside of the server. The message is for operators. */
public final class StoreException extends Exception {
    private static final long serialVersionUID = 1;

    public StoreException(String message) {
        super(message);
    }

    public StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
