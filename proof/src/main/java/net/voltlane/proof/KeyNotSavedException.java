package net.voltlane.proof;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * There is no key file yet, and none could be made: the folder is missing, read-only or full. A server may go on with a
 * key in memory, at the price that its clients' trust ends with the process. That sets it apart from every other
 * failure of {@link KeyFile}, where a key exists and going on without it would lock clients out.
 */
public final class KeyNotSavedException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    KeyNotSavedException(String message, @Nullable IOException cause) {
        super(message, cause);
    }
}
