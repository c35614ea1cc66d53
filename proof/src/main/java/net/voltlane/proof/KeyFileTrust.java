package net.voltlane.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a key file can be trusted: whoever could read it can pose as the server, and whoever could write it has chosen
 * the key. A file of root's may be readable for a group, or the server's user could not read it.
 */
final class KeyFileTrust {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String UIDS = "Uid:";
    private static final int ROOT = 0;
    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private KeyFileTrust() {}

    /**
     * Checks a file that is there, or the one that a link leads to.
     *
     * @throws IOException if it can't be trusted; the message says what to do
     */
    static void check(Path file) throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return; // nobody has rights to speak of there
        }
        Map<String, Object> attributes = Files.readAttributes(file, "unix:uid,permissions");
        String problem = problem(file, uid(attributes), ownUid(), permissions(attributes));
        if (problem != null) {
            throw new IOException(problem);
        }
    }

    /**
     * What is wrong with a file, or null.
     *
     * @param owner the user id of its owner
     * @param self that of this process, below 0 where it is not known
     */
    static @Nullable String problem(Path file, int owner, int self, Set<PosixFilePermission> rights) {
        boolean ofRoot = owner == ROOT && self != ROOT;
        if (self >= 0 && owner != self && !ofRoot) {
            return file + ": belongs to another user (uid " + owner + ", expected: " + self
                    + "), who may have chosen the" + " key; if it is yours: chown " + self + " " + file;
        }
        Set<PosixFilePermission> tooMuch = EnumSet.copyOf(OF_OTHERS);
        if (ofRoot) {
            tooMuch.remove(PosixFilePermission.GROUP_READ);
        }
        tooMuch.retainAll(rights);
        if (tooMuch.isEmpty()) {
            return null;
        }
        boolean writable =
                tooMuch.contains(PosixFilePermission.GROUP_WRITE) || tooMuch.contains(PosixFilePermission.OTHERS_WRITE);
        return file + ": others may " + (writable ? "write" : "read") + " it (" + PosixFilePermissions.toString(rights)
                + (writable ? "), and may have chosen the key" : "), and could pose as this server")
                + "; if it is still yours alone: chmod " + (ofRoot ? "640 " : "600 ") + file;
    }

    private static int uid(Map<String, Object> attributes) {
        return (Integer) attributes.get("uid");
    }

    @SuppressWarnings("unchecked") // what the attribute's documentation says
    private static Set<PosixFilePermission> permissions(Map<String, Object> attributes) {
        return (Set<PosixFilePermission>) attributes.get("permissions");
    }

    /** The user for whom files are opened, or -1 where the system does not tell. */
    private static int ownUid() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(UIDS)) {
                    // real, effective, saved, and that for files
                    return Integer.parseInt(
                            line.substring(UIDS.length()).strip().split("\\s+")[3]);
                }
            }
        } catch (IOException | RuntimeException e) {
            // not Linux
        }
        return -1;
    }
}
