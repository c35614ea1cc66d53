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
import org.jspecify.annotations.Nullable;

/**
 * The file with the server's secret key: one line of 64 hex digits. Clients remember the public key, so the key has to
 * outlive a restart. Anybody who can read the file can pose as the server, so it is created readable for its owner
 * only.
 *
 * <p>No exception message contains any of the file's content. Thread-safe.
 */
public final class KeyFile {

    /**
     * The most bytes that are read: more than a key with white space, and harmless if the path leads to an endless
     * file.
     */
    private static final int MAX_FILE_BYTES = 1024;

    /** The most symbolic links that are followed, as in Linux. */
    private static final int MAX_LINKS = 40;

    private static final String ACCESS_DENIED = "access denied";
    private static final String NO_FOLDER = "no such folder";

    private static final String POSIX = "posix";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private KeyFile() {}

    /**
     * Loads the key in {@code file}, or creates the file with a new key if there is none.
     *
     * <p>Even if several servers start at once, or one dies meanwhile, the file never contains half a key, and all
     * servers return the same key. Blocks on the disk.
     *
     * @throws KeyNotSavedException if there is no file and none could be created
     * @throws IOException as in {@link #load} and {@link #create}
     */
    public static KeyPair loadOrCreate(Path file, SecureRandom random) throws IOException {
        KeyPair there = load(file);
        return there != null ? there : create(file, random);
    }

    /**
     * Loads the key in {@code file}; returns null if there is no such file. Writes nothing.
     *
     * @throws IOException if the file can't be read, contains no key, or could have been read or written by others; the
     *     message says what to do
     */
    public static @Nullable KeyPair load(Path file) throws IOException {
        byte[] content;
        try {
            content = read(file);
        } catch (NoSuchFileException none) {
            return null;
        } catch (FileSystemException e) {
            throw new IOException(file + ": can't be read: " + why(e), e);
        }
        KeyPair key;
        try {
            String digits = new String(content, StandardCharsets.ISO_8859_1).strip();
            key = KeyPair.ofSecret(HexFormat.of().parseHex(digits));
        } catch (IllegalArgumentException notAKey) {
            // The cause is dropped, as its message may quote the file.
            throw new IOException(file + ": not a key (expected: one line of 64 hex digits); restore it from a backup,"
                    + " or move it away to have a new key made, which clients that know the old one will refuse");
        }
        KeyFileTrust.check(file);
        return key;
    }

    /**
     * Creates {@code file} with a new key and returns the key, or the one that another server has put there meanwhile.
     * If {@code file} is a link whose target does not exist, creates the target and keeps the link.
     *
     * @throws KeyNotSavedException if the file can't be created
     * @throws IOException if the target of a link can't be created, or as in {@link #load}
     */
    public static KeyPair create(Path file, SecureRandom random) throws IOException {
        Path target = target(file);
        try {
            create(target, KeyPair.generate(random));
        } catch (IOException e) {
            throw target.equals(file)
                    ? new KeyNotSavedException(notCreatable(file) + why(e), e)
                    : new IOException(brokenLink(file, target) + why(e), e);
        }
        // Reads the file back, as another server may have been first: the key in the file counts.
        KeyPair key = load(file);
        if (key == null) {
            throw new IOException(file + ": is gone again, right after it was made");
        }
        return key;
    }

    /**
     * Throws as {@link #create} would, as far as that can be checked without writing.
     *
     * @throws KeyNotSavedException if the file can't be created
     * @throws IOException if the target of a link can't be created
     */
    public static void checkCreatable(Path file) throws IOException {
        Path target = target(file);
        Path folder = folderOf(target);
        if (Files.isDirectory(folder) && Files.isWritable(folder)) {
            return;
        }
        String why = Files.isDirectory(folder) ? ACCESS_DENIED : NO_FOLDER;
        throw target.equals(file)
                ? new KeyNotSavedException(notCreatable(file) + why, null)
                : new IOException(brokenLink(file, target) + why);
    }

    /** Follows links to their target, which need not exist; returns a file that is no link as it is. */
    private static Path target(Path file) throws IOException {
        Path path = file;
        for (int links = 0; Files.isSymbolicLink(path); links++) {
            if (links == MAX_LINKS) {
                throw new IOException(file + ": is a link that leads to itself");
            }
            path = folderOf(path).resolve(Files.readSymbolicLink(path));
        }
        return path;
    }

    private static String notCreatable(Path file) {
        return file + ": no key file is there and none can be made: ";
    }

    private static String brokenLink(Path file, Path target) {
        return file + ": is a link to " + target + ", where no key file is and none can be made (a volume that is not"
                + " mounted?): ";
    }

    private static Path folderOf(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return folder == null ? file : folder;
    }

    private static byte[] read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_FILE_BYTES);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(file + ": can't be read: " + why(e), e);
        }
    }

    private static void create(Path file, KeyPair key) throws IOException {
        Path folder = folderOf(file);
        Path draft = Files.createTempFile(folder, file.getFileName() + ".", ".tmp", ownerOnly(folder));
        try {
            write(draft, key);
            publish(draft, file);
        } finally {
            Files.deleteIfExists(draft);
        }
        force(folder);
    }

    /**
     * Forces the folder to disk. Otherwise the file's name could be lost in a power cut, and another key would be
     * created.
     */
    private static void force(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException | UnsupportedOperationException e) {
            // Not every file system supports this for a folder.
        }
    }

    private static void write(Path draft, KeyPair key) throws IOException {
        String line = HexFormat.of().formatHex(key.secret()) + "\n";
        try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            // Forces the content to disk before the name, so that a power cut leaves no empty key file.
            channel.force(true);
        }
    }

    /**
     * Gives the finished draft its name, unless another server was faster. A hard link does both in one step. A rename
     * would replace an existing file, so one of two servers would go on with a key that is in no file. On file systems
     * without hard links a rename is used nevertheless, as the next best solution.
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
            // The key of the other server counts.
        }
    }

    /** Describes a failure, as the messages of the most common ones are only a path. */
    private static String why(IOException e) {
        if (e instanceof AccessDeniedException) {
            return ACCESS_DENIED;
        }
        if (e instanceof NoSuchFileException) {
            return NO_FOLDER;
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
