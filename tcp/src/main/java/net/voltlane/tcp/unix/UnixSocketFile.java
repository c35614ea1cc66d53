package net.voltlane.tcp.unix;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The file of a Unix socket that listens. A process that was killed leaves such a file behind, which keeps others from
 * binding the same path. Such a file is deleted, but only if it is a socket and nobody listens on it.
 *
 * <p>The socket is bound under a name of its own, gets its permissions, and then the name that is wanted. So nobody can
 * connect with other permissions, and whoever deletes the name that was bound never deletes another program's file.
 *
 * <p>For one thread at a time.
 */
public final class UnixSocketFile {
    /** The longest path that can be connected to, in bytes: the kernel takes no longer one. */
    public static final int MAX_CONNECTED_BYTES = 107;

    private static final String BOUND_SUFFIX = ".new";

    /** The longest path that can be listened on, in bytes: the name that is bound is longer. */
    public static final int MAX_PATH_BYTES = MAX_CONNECTED_BYTES - BOUND_SUFFIX.length();

    private final Path path;
    private final Path bound;
    /** The file's identity, from the time at which it has the name that is wanted. */
    private @Nullable Object key;

    /**
     * Creates the description of a file. Nothing is looked at yet.
     *
     * @param path an absolute path
     */
    public UnixSocketFile(Path path) {
        this.path = path;
        bound = Path.of(path + BOUND_SUFFIX);
    }

    /**
     * Tells whether a text may be the path of a Unix socket: absolute, and of a file rather than a folder.
     *
     * @param maxBytes {@link #MAX_PATH_BYTES} or {@link #MAX_CONNECTED_BYTES}
     */
    public static boolean isPath(String text, int maxBytes) {
        return text.startsWith("/")
                && !text.endsWith("/")
                && text.indexOf('\0') < 0
                && text.getBytes(StandardCharsets.UTF_8).length <= maxBytes;
    }

    /**
     * Returns the address to bind the socket to.
     *
     * @return an address beside the one that is wanted
     */
    public UnixDomainSocketAddress boundAddress() {
        return UnixDomainSocketAddress.of(bound);
    }

    /**
     * Returns the address that peers connect to.
     *
     * @return the address that is wanted
     */
    public UnixDomainSocketAddress address() {
        return UnixDomainSocketAddress.of(path);
    }

    /**
     * Makes sure that the path can be had: deletes what a killed process left.
     *
     * @throws IOException if it can't; the message is for people
     */
    public void clear() throws IOException {
        Path folder = path.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new IOException(folder + " is no folder");
        }
        clear(path);
        clear(bound);
    }

    private static void clear(Path path) throws IOException {
        try {
            if (!attributes(path).isOther()) {
                throw new IOException("a file that is no socket is there already");
            } else if (isListenedOn(path)) {
                throw new IOException("another program listens there");
            }
            Files.deleteIfExists(path);
        } catch (NoSuchFileException free) {
            // as it should be
        }
    }

    /** Returns false only if the kernel says that nobody listens. It may also say that the backlog is full. */
    private static boolean isListenedOn(Path path) {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false);
            probe.connect(UnixDomainSocketAddress.of(path));
            return true; // connected, or about to be
        } catch (ConnectException refused) {
            return false;
        } catch (IOException unclear) {
            return !String.valueOf(unclear.getMessage())
                    .toLowerCase(Locale.ROOT)
                    .contains("refused");
        }
    }

    /**
     * Gives the socket, which listens, its permissions and then its name.
     *
     * @param mode the permissions, 0 to 0777; below 0: those that the process's umask leaves
     * @throws IOException if that can't be done, or another program was faster
     */
    public void publish(int mode) throws IOException {
        if (mode >= 0) {
            Files.setPosixFilePermissions(bound, permissions(mode));
        }
        clear(path);
        Files.move(bound, path, StandardCopyOption.ATOMIC_MOVE);
        key = attributes(path).fileKey();
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        PosixFilePermission[] all = PosixFilePermission.values(); // from the owner's right to read downwards
        Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < all.length; i++) {
            if ((mode >> (all.length - 1 - i) & 1) != 0) {
                set.add(all[i]);
            }
        }
        return set;
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** Deletes the file, unless another program has put its own there meanwhile. A second call does nothing. */
    public void delete() {
        Object own = key;
        key = null;
        try {
            if (own != null && own.equals(attributes(path).fileKey())) {
                Files.deleteIfExists(path);
            }
        } catch (IOException gone) {
            // it is another's by now, or its folder is gone
        }
    }
}
