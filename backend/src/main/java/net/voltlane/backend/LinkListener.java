package net.voltlane.backend;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import net.voltlane.protocol.SystemWords;
import net.voltlane.tcp.Keepalive;
import net.voltlane.tcp.unix.UnixSocketFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The socket that connection servers dial, on TCP or on a Unix socket, with or without TLS. Thread-safe. */
final class LinkListener {
    private static final Logger log = LoggerFactory.getLogger(VoltlaneBackend.class);
    private static final String UNIX = "unix:";

    private final ServerSocketChannel channel;
    private final InetSocketAddress address;
    /** The file of a Unix socket; null on TCP. */
    private final @Nullable UnixSocketFile file;

    private final BackendOptions options;

    private LinkListener(
            ServerSocketChannel channel,
            InetSocketAddress address,
            @Nullable UnixSocketFile file,
            BackendOptions options) {
        this.channel = channel;
        this.address = address;
        this.file = file;
        this.options = options;
    }

    /** @param address {@code host:port} or {@code unix:/path} */
    static LinkListener at(String address, BackendOptions options) throws IOException {
        return address.startsWith(UNIX)
                ? atPath(address.substring(UNIX.length()), options)
                : at(ListenAddress.parse(address), options);
    }

    static LinkListener at(InetSocketAddress address, BackendOptions options) throws IOException {
        ServerSocketChannel channel = ListenSocket.at(address);
        try {
            return new LinkListener(channel, (InetSocketAddress) channel.getLocalAddress(), null, options);
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    private static LinkListener atPath(String path, BackendOptions options) throws IOException {
        if (!UnixSocketFile.isPath(path, UnixSocketFile.MAX_PATH_BYTES)) {
            throw new IllegalArgumentException("'" + UNIX + path + "' (expected: unix: and an absolute path of at most "
                    + UnixSocketFile.MAX_PATH_BYTES + " bytes)");
        }
        UnixSocketFile file = new UnixSocketFile(Path.of(path));
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            file.clear();
            channel.bind(file.boundAddress(), ListenSocket.BACKLOG);
            file.publish(-1);
            return new LinkListener(channel, InetSocketAddress.createUnresolved(path, 0), file, options);
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            if (e instanceof IOException broken) {
                throw new IOException(UNIX + path + ": " + SystemWords.of(broken), broken);
            }
            throw e;
        }
    }

    /** The address that is listened on, with the actual port; of a Unix socket an unresolved one with its path. */
    InetSocketAddress address() {
        return address;
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /** Waits for the next connection. */
    LinkSocket accept() throws IOException {
        SocketChannel accepted = channel.accept();
        try {
            LinkSocket plain = file == null ? tcp(accepted) : new UnixLinkSocket(accepted);
            BackendTls tls = options.tls();
            return tls == null ? plain : new TlsLinkSocket(plain, tls.newEngine());
        } catch (IOException | RuntimeException | Error e) {
            accepted.close();
            throw e;
        }
    }

    private LinkSocket tcp(SocketChannel accepted) throws IOException {
        accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
        Keepalive.set(accepted, options.peerTimeout().toNanos());
        return new TcpLinkSocket(accepted);
    }

    /** Stops listening. A second call does nothing. */
    void close() {
        if (file != null) {
            synchronized (file) {
                file.delete();
            }
        }
        try {
            channel.close();
        } catch (IOException e) {
            log.debug("Failed to close the listening socket", e);
        }
    }
}
