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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file with a secret on one line. It is created at once and whole, for its owner only, and is read only while nobody
 * else could have read or written it.
 *
 * <p>Even if several servers start at once, or one dies meanwhile, the file never contains half a secret, and all of
 * them read the same. No exception message contains any of the file's content. Thread-safe; methods block on the disk.
 *
 * @param noun a word for the secret, such as {@code key}
 * @param misuse a word for what others could do with it, such as {@code pose as this server}
 */
public record SecretFile(Path file, String noun, String misuse) {

    /**
     * The most bytes that are read: more than a secret with white space, and harmless if the path leads to an endless
     * file.
     */
    private static final int MAX_FILE_BYTES = 1024;

    /** The most symbolic links that are followed, as in Linux. */
    private static final int MAX_LINKS = 40;

    private static final String ACCESS_DENIED = "access denied";
    private static final String NO_FOLDER = "no such folder";

    private static final String POSIX = "posix";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    /** Takes the text of a file apart. */
    public interface Format<T> {
        /**
         * The secret that a text holds.
         *
         * @param text without white space around it
         * @throws IOException if it holds none; the message says what to do, and quotes nothing
         */
        T parse(String text) throws IOException;
    }

    /**
     * Loads the secret; returns null if there is no such file. Writes nothing.
     *
     * @throws IOException if the file can't be read, contains no secret, or could have been read or written by others;
     *     the message says what to do
     */
    public <T> @Nullable T load(Format<T> format) throws IOException {
        byte[] content;
        try {
            content = read();
        } catch (NoSuchFileException none) {
            return null;
        } catch (FileSystemException e) {
            throw new IOException(file + ": can't be read: " + why(e), e);
        }
        T secret = format.parse(new String(content, StandardCharsets.ISO_8859_1).strip());
        SecretFileTrust.check(this);
        return secret;
    }

    /**
     * Creates the file, unless another server has put one there meanwhile. Read it afterwards, as its content counts. If
     * the file is a link whose target does not exist, creates the target and keeps the link.
     *
     * @throws KeyNotSavedException if the file can't be created
     * @throws IOException if the target of a link can't be created
     */
    public void create(String secret) throws IOException {
        Path target = target();
        try {
            create(target, secret);
        } catch (IOException e) {
            throw target.equals(file)
                    ? new KeyNotSavedException(notCreatable() + why(e), e)
                    : new IOException(brokenLink(target) + why(e), e);
        }
    }

    /**
     * Throws as {@link #create} would, as far as that can be checked without writing.
     *
     * @throws KeyNotSavedException if the file can't be created
     * @throws IOException if the target of a link can't be created
     */
    public void checkCreatable() throws IOException {
        Path target = target();
        Path folder = folderOf(target);
        if (Files.isDirectory(folder) && Files.isWritable(folder)) {
            return;
        }
        String why = Files.isDirectory(folder) ? ACCESS_DENIED : NO_FOLDER;
        throw target.equals(file)
                ? new KeyNotSavedException(notCreatable() + why, null)
                : new IOException(brokenLink(target) + why);
    }

    /** Follows links to their target, which need not exist; returns a file that is no link as it is. */
    private Path target() throws IOException {
        Path path = file;
        for (int links = 0; Files.isSymbolicLink(path); links++) {
            if (links == MAX_LINKS) {
                throw new IOException(file + ": is a link that leads to itself");
            }
            path = folderOf(path).resolve(Files.readSymbolicLink(path));
        }
        return path;
    }

    private String notCreatable() {
        return file + ": no " + noun + " file is there and none can be made: ";
    }

    private String brokenLink(Path target) {
        return file + ": is a link to " + target + ", where no " + noun
                + " file is and none can be made (a volume that is not" + " mounted?): ";
    }

    private static Path folderOf(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return folder == null ? file : folder;
    }

    private byte[] read() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_FILE_BYTES);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(file + ": can't be read: " + why(e), e);
        }
    }

    private static void create(Path file, String secret) throws IOException {
        Path folder = folderOf(file);
        Path draft = Files.createTempFile(folder, file.getFileName() + ".", ".tmp", ownerOnly(folder));
        try {
            write(draft, secret);
            publish(draft, file);
        } finally {
            Files.deleteIfExists(draft);
        }
        force(folder);
    }

    /**
     * Forces the folder to disk. Otherwise the file's name could be lost in a power cut, and another secret would be
     * created.
     */
    private static void force(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException | UnsupportedOperationException e) {
            // Not every file system supports this for a folder.
        }
    }

    private static void write(Path draft, String secret) throws IOException {
        String line = secret + "\n";
        try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            // Forces the content to disk before the name, so that a power cut leaves no empty file.
            channel.force(true);
        }
    }

    /**
     * Gives the finished draft its name, unless another server was faster. A hard link does both in one step. A rename
     * would replace an existing file, so one of two servers would go on with a secret that is in no file. On file systems
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
            // The secret of the other server counts.
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
