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
 * The check that a file with a secret can be trusted. Anybody who could read it can use the secret, and anybody who could
 * write it may have chosen it. A file of root may be readable for a group, as otherwise the server's user could not read
 * it.
 */
final class SecretFileTrust {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String UIDS = "Uid:";
    private static final int ROOT = 0;
    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private SecretFileTrust() {}

    /**
     * Checks an existing file, or the target of a link.
     *
     * @throws IOException if it can't be trusted; the message says what to do
     */
    static void check(SecretFile secret) throws IOException {
        Path file = secret.file();
        if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return; // this file system has no such permissions
        }
        Map<String, Object> attributes = Files.readAttributes(file, "unix:uid,permissions");
        String problem = problem(secret, uid(attributes), ownUid(), permissions(attributes));
        if (problem != null) {
            throw new IOException(problem);
        }
    }

    /**
     * Describes what is wrong with a file, or returns null.
     *
     * @param owner the user id of the file's owner
     * @param self the user id of this process, below 0 if it is not known
     */
    static @Nullable String problem(SecretFile secret, int owner, int self, Set<PosixFilePermission> rights) {
        Path file = secret.file();
        boolean ofRoot = owner == ROOT && self != ROOT;
        if (self >= 0 && owner != self && !ofRoot) {
            return file + ": belongs to another user (uid " + owner + ", expected: " + self
                    + "), who may have chosen the " + secret.noun() + "; if it is yours: chown " + self + " " + file;
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
                + (writable ? "), and may have chosen the " + secret.noun() : "), and could " + secret.misuse())
                + "; if it is still yours alone: chmod " + (ofRoot ? "640 " : "600 ") + file;
    }

    private static int uid(Map<String, Object> attributes) {
        return (Integer) attribute(attributes, "uid");
    }

    @SuppressWarnings("unchecked") // what the attribute's documentation says
    private static Set<PosixFilePermission> permissions(Map<String, Object> attributes) {
        return (Set<PosixFilePermission>) attribute(attributes, "permissions");
    }

    private static Object attribute(Map<String, Object> attributes, String name) {
        Object value = attributes.get(name);
        assert value != null : "not asked for: " + name;
        return value;
    }

    /** Returns the user id by which this process opens files, or -1 if the system does not tell. */
    private static int ownUid() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(UIDS)) {
                    // the ids are: real, effective, saved, for files
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
