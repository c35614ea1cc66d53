package net.voltlane.store.file;

import java.nio.file.Path;
import net.voltlane.server.store.StoreException;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

/** Messages for operators about what is wrong with a file. */
final class Faults {
    private static final String MOVE = "move it away, and a new one is made; sessions that it holds are then lost";

    private Faults() {}

    static StoreException noFile(Path path) {
        return expected(path, "a file", null);
    }

    static StoreException noFolder(Path path, @Nullable Throwable cause) {
        return expected(path, "a file in a folder that is there", cause);
    }

    static StoreException inUse(Path path) {
        return expected(path, "a file that no other server uses", null);
    }

    static StoreException notOurs(Path path) {
        return expected(path, "a file that Voltlane has made, or none; this is another one, and stays as it is", null);
    }

    static StoreException otherFormat(Path path, String format) {
        String text = "a file of format " + FileFormat.VERSION + "; this one has format " + format
                + ", of another version of Voltlane: ";
        return expected(path, text + MOVE, null);
    }

    static StoreException otherKey(Path path, String key, String theirs) {
        String text = "a file of a server with the key " + key + "; this one is of a server with the key " + theirs
                + ": give the server that key, or ";
        return expected(path, text + MOVE, null);
    }

    static StoreException readOnly(Path path, @Nullable Throwable cause) {
        return expected(
                path, "a file that the server may read and write" + (cause == null ? "" : "; " + reason(cause)), cause);
    }

    static StoreException damaged(Path path, Throwable cause) {
        return expected(path, "a file that is whole; this one is damaged, " + reason(cause) + ": " + MOVE, cause);
    }

    /** The failure of an open store. */
    static StoreException failed(Path path, Throwable cause) {
        return new StoreException("the store in " + path + " has failed: " + reason(cause), cause);
    }

    /** The message for an error of H2's on opening a file. */
    static StoreException onOpen(Path path, MVStoreException e) {
        return switch (e.getErrorCode()) {
            case DataUtils.ERROR_FILE_LOCKED -> inUse(path);
            case DataUtils.ERROR_READING_FAILED, DataUtils.ERROR_WRITING_FAILED -> readOnly(path, e);
            default -> damaged(path, e);
        };
    }

    /** The cause behind an error, without the names of H2's files, and without its version. */
    private static String reason(Throwable error) {
        Throwable last = error;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        String message = last.getMessage();
        if (message == null) {
            return last.getClass().getSimpleName();
        }
        int version = message.lastIndexOf(" [");
        return version > 0 && last instanceof MVStoreException ? message.substring(0, version) : message;
    }

    private static StoreException expected(Path path, String what, @Nullable Throwable cause) {
        return new StoreException("store.path: " + path + " (expected: " + what + ")", cause);
    }
}
