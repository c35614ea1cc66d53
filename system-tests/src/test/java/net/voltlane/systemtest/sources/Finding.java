package net.voltlane.systemtest.sources;

import java.nio.file.Path;

/**
 * A place in the sources that a rule measures.
 *
 * @param file relative to the project's folder
 * @param line counted from 1
 * @param what the name of the file, the method, the field or the package, or the first words of the Javadoc
 * @param size the lines or parameters it has; 1 for a rule that counts places
 */
record Finding(Path file, long line, String what, int size) {

    @Override
    public String toString() {
        return file + ":" + line + " " + what + (size > 1 ? ": " + size : "");
    }
}
