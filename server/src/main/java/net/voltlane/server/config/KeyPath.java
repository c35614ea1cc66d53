package net.voltlane.server.config;

import java.nio.file.Path;

/**
 * The place of the server's key.
 *
 * @param path a file, relative to the working directory; empty: the key is kept in memory only
 * @param required true if the server must not start where the file is missing and cannot be created
 */
record KeyPath(String path, boolean required) {
    KeyPath from(Path folder) {
        return path.isEmpty() ? this : new KeyPath(folder.resolve(path).toString(), required);
    }
}
