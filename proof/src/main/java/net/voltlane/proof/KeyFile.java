package net.voltlane.proof;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/**
 * The server's key on disk: one line of 64 hex digits, the secret. Clients remember the public half, so the key has to
 * outlive a restart. Whoever can read the file can pose as the server: it is made for its owner's eyes only.
 *
 * <p>No message of an exception from here holds any of a file's content.
 */
public final class KeyFile {

    /** More than a key and some blanks around it; less than harm, should the path lead to something endless. */
    private static final int MAX_FILE_BYTES = 1024;

    private static final String POSIX = "posix";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private KeyFile() {}

    /**
     * The key in {@code file}; if there is no such file, a new key that is then in it.
     *
     * <p>However many servers start at once, and whenever one dies, there is never half a key in the file and all of
     * them come back with the same one. Blocks on the disk.
     *
     * @throws KeyNotSavedException if there is no file and none could be made
     * @throws IOException if there is a file that can't be read or holds no key; the message says what to do
     */
    public static KeyPair loadOrCreate(Path file, SecureRandom random) throws IOException {
        try {
            return load(file);
        } catch (NoSuchFileException none) {
            create(file, KeyPair.generate(random));
            // Read back, because another server may have been first: what counts is what is in the file.
            return load(file);
        }
    }

    /**
     * Whether others than the owner may read {@code file}. Always false where the file system knows no such rights.
     *
     * @throws IOException if the file is not there or its rights can't be read
     */
    public static boolean readableByOthers(Path file) throws IOException {
        if (!knowsRights(file)) {
            return false;
        }
        Set<PosixFilePermission> rights = Files.getPosixFilePermissions(file);
        return rights.contains(PosixFilePermission.GROUP_READ) || rights.contains(PosixFilePermission.OTHERS_READ);
    }

    private static KeyPair load(Path file) throws IOException {
        byte[] content = read(file);
        try {
            String digits = new String(content, StandardCharsets.ISO_8859_1).strip();
            return KeyPair.ofSecret(HexFormat.of().parseHex(digits));
        } catch (IllegalArgumentException notAKey) {
            // Not kept as the cause: its message may quote the file.
            throw new IOException(file + ": not a key (expected: one line of 64 hex digits); restore it from a backup,"
                    + " or move it away to have a new key made, which clients that know the old one will refuse");
        }
    }

    private static byte[] read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_FILE_BYTES);
        } catch (NoSuchFileException none) {
            throw none;
        } catch (IOException e) {
            throw new IOException(file + ": can't be read: " + why(e), e);
        }
    }

    private static void create(Path file, KeyPair key) throws KeyNotSavedException {
        try {
            Path folder = file.toAbsolutePath().getParent();
            Path draft = Files.createTempFile(folder, file.getFileName() + ".", ".tmp", ownerOnly(folder));
            try {
                write(draft, key);
                publish(draft, file);
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (IOException e) {
            throw new KeyNotSavedException(file + ": no key file is there and none can be made: " + why(e), e);
        }
    }

    private static void write(Path draft, KeyPair key) throws IOException {
        String line = HexFormat.of().formatHex(key.secret()) + "\n";
        try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            // On the disk before the name is: a power cut must not leave an empty key file behind.
            channel.force(true);
        }
    }

    /**
     * Gives the finished draft its name, unless another server was faster. A hard link does both in one step. A rename
     * would not: it replaces what is there, so of two servers one would go on with a key that is in no file. File
     * systems without links get the rename all the same, as the next best thing.
     */
    private static void publish(Path draft, Path file) throws IOException {
        try {
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException anotherWasFirst) {
            return;
        } catch (UnsupportedOperationException | FileSystemException noLinksHere) {
            publishByRename(draft, file);
        }
    }

    private static void publishByRename(Path draft, Path file) throws IOException {
        try {
            Files.move(draft, file);
        } catch (FileAlreadyExistsException anotherWasFirst) {
            // Its key is the one that counts.
        }
    }

    /** In words: of the most common failures the message is a bare path. */
    private static String why(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "access denied";
        }
        if (e instanceof NoSuchFileException) {
            return "no such folder";
        }
        if (e instanceof FileSystemException f && f.getReason() != null) {
            return f.getReason();
        }
        return String.valueOf(e.getMessage());
    }

    private static FileAttribute<?>[] ownerOnly(Path folder) {
        return knowsRights(folder)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
    }

    private static boolean knowsRights(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains(POSIX);
    }
}
