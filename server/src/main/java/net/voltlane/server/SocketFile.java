package net.voltlane.server;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import net.voltlane.protocol.SystemWords;
import net.voltlane.server.config.Address;
import org.jspecify.annotations.Nullable;

/**
 * The file of a Unix socket that a listener takes. A process that was killed leaves such a file behind, which keeps
 * others from binding the same path. Such a file is deleted, but only if it is a socket and nobody listens on it.
 *
 * <p>The socket is bound under a name of its own, gets its permissions, and then the name that is configured. So nobody
 * can connect with other permissions, and Netty, which deletes what it has bound, never deletes another server's file.
 */
final class SocketFile implements ListeningPort.Place {
    private final Listeners.Settings listener;
    private final Path path;
    private final Path bound;
    /** The file's identity, from the time at which the socket listens. */
    private @Nullable Object key;

    private SocketFile(Listeners.Settings listener) {
        this.listener = listener;
        path = Path.of(listener.address().host());
        bound = Path.of(listener.address().host() + Address.UNIX_BOUND_SUFFIX);
    }

    /**
     * Makes sure that the path can be had, as far as that can be told before the socket is bound.
     *
     * @throws StartException if it can't
     */
    static SocketFile of(Listeners.Settings listener) {
        SocketFile file = new SocketFile(listener);
        Path folder = file.path.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new StartException(PortReservation.failure(listener, folder + " is no folder"));
        }
        file.clear();
        return file;
    }

    @Override
    public UnixDomainSocketAddress address() {
        return UnixDomainSocketAddress.of(bound);
    }

    @Override
    public void clear() {
        clear(path);
        clear(bound);
    }

    private void clear(Path path) {
        try {
            BasicFileAttributes there = attributes(path);
            if (!there.isOther()) {
                throw new StartException(
                        PortReservation.failure(listener, "a file that is no socket is there already"));
            } else if (isListenedOn(path)) {
                throw new StartException(PortReservation.failure(listener, "another program listens there"));
            }
            Files.deleteIfExists(path);
        } catch (NoSuchFileException free) {
            // as it should be
        } catch (IOException e) {
            throw new StartException(failure(e));
        }
    }

    /** Returns false only if the kernel says that nobody listens. It may also say that the backlog is full. */
    private static boolean isListenedOn(Path path) {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false);
            return probe.connect(UnixDomainSocketAddress.of(path)) || true;
        } catch (ConnectException refused) {
            return false;
        } catch (IOException unclear) {
            return !isRefused(unclear);
        }
    }

    private static boolean isRefused(IOException thrown) {
        return SystemWords.of(thrown).startsWith("connection refused");
    }

    /** Gives the file its permissions, then its name. */
    @Override
    public void taken() {
        try {
            Files.setPosixFilePermissions(bound, permissions(listener.socketMode()));
            clear(path); // another server may have come meanwhile
            Files.move(bound, path, StandardCopyOption.ATOMIC_MOVE);
            key = attributes(path).fileKey();
        } catch (IOException | UnsupportedOperationException e) {
            throw new StartException(failure(e));
        }
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

    @Override
    public UnixDomainSocketAddress local(SocketAddress bound) {
        return UnixDomainSocketAddress.of(path);
    }

    @Override
    public String failure(Throwable why) {
        return PortReservation.failure(listener, SystemWords.of(why));
    }

    /** Deletes the file, unless another process has put its own there meanwhile. */
    @Override
    public void close() {
        Object own = key;
        key = null;
        try {
            if (own != null && own.equals(attributes(path).fileKey())) {
                Files.deleteIfExists(path);
            }
        } catch (IOException gone) {
            // it is somebody else's by now, or its folder is
        }
    }
}
