package net.voltlane.proof;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when there is no file with a secret and none could be created: the folder is missing, read-only or full. A server
 * may go on with a key in memory; its clients' trust then ends with the process. All other failures of {@link SecretFile}
 * are different: a secret exists, and going on without it would lock out those who know it.
 */
public final class KeyNotSavedException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    KeyNotSavedException(String message, @Nullable IOException cause) {
        super(message, cause);
    }
}
