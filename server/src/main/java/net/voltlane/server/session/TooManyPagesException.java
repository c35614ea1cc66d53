package net.voltlane.server.session;

import java.io.Serial;

/** Too many pages of sessions are asked for at once. Ask again later. */
public final class TooManyPagesException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    TooManyPagesException() {
        super("too many pages of sessions are asked for at once", null, false, false);
    }
}
