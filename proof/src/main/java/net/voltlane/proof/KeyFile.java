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
 * The server's key on disk: one line of 64 hex digits, the secret. Clients remember the public half, so the key has to
 * outlive a restart. Whoever can read the file can pose as the server: it is made for its owner's eyes only.
 *
 * <p>No message of an exception from here holds any of a file's content.
 */
public final class KeyFile {

    /** More than a key and some blanks around it; less than harm, should the path lead to something endless. */
    private static final int MAX_FILE_BYTES = 1024;

    /** As many as Linux follows. */
    private static final int MAX_LINKS = 40;

    private static final String ACCESS_DENIED = "access denied";
    private static final String NO_FOLDER = "no such folder";

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
     * @throws IOException as {@link #load} and {@link #create}
     */
    public static KeyPair loadOrCreate(Path file, SecureRandom random) throws IOException {
        KeyPair there = load(file);
        return there != null ? there : create(file, random);
    }

    /**
     * The key in {@code file}, or null if there is no such file. Writes nothing.
     *
     * @throws IOException if there is a file that can't be read, holds no key, or could have been read or written by
     *     others; the message says what to do
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
            // Not kept as the cause: its message may quote the file.
            throw new IOException(file + ": not a key (expected: one line of 64 hex digits); restore it from a backup,"
                    + " or move it away to have a new key made, which clients that know the old one will refuse");
        }
        KeyFileTrust.check(file);
        return key;
    }

    /**
     * A new key in {@code file}, where there is none, or the one that another server has put there meanwhile. A link
     * that leads to no file yet is kept, and the file made where it leads to.
     *
     * @throws KeyNotSavedException if the file can't be made
     * @throws IOException if it is a link and what it leads to can't be made, or as {@link #load}
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
        // Read back, because another server may have been first: what counts is what is in the file.
        KeyPair key = load(file);
        if (key == null) {
            throw new IOException(file + ": is gone again, right after it was made");
        }
        return key;
    }

    /**
     * Fails as {@link #create} would, as far as that can be seen without writing.
     *
     * @throws KeyNotSavedException if the file can't be made
     * @throws IOException if it is a link and what it leads to can't be made
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

    /** Where a chain of links leads to, whether anything is there or not; a file that is no link leads to itself. */
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

    /** A name is on the disk only once its folder is: after a power cut the file could be gone, and another key made. */
    private static void force(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException | UnsupportedOperationException e) {
            // Not every file system takes a folder for this.
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
