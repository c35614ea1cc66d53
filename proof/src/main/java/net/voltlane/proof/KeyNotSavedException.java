package net.voltlane.proof;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when there is no key file and none could be created: the folder is missing, read-only or full. A server may go
 * on with a key in memory; its clients' trust then ends with the process. All other failures of {@link KeyFile} are
 * different: a key exists, and going on without it would lock clients out.
 */
public final class KeyNotSavedException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    KeyNotSavedException(String message, @Nullable IOException cause) {
        super(message, cause);
    }
}
