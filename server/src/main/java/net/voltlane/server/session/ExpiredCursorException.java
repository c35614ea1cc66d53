package net.voltlane.server.session;

import java.io.Serial;

/** A ranking is no longer kept, so its pages cannot be turned any more. Ask for the first page again. */
public final class ExpiredCursorException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    ExpiredCursorException() {
        super("the cursor has expired, or belongs to another question", null, false, false);
    }
}
