package net.voltlane.cli.systemd;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/** The service manager's end of {@code NOTIFY_SOCKET}. */
public final class NotifyListener implements AutoCloseable {
    private final Socket socket;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
    private final String name;

    /** @param name a path, or {@code @} and a name that is in no file system */
    public NotifyListener(String name) throws IOException {
        Assumptions.assumeTrue(Epoll.isAvailable(), "left out: the native transport for Linux is not available");
        this.name = name;
        socket = Socket.newSocketDomainDgram();
        socket.bind(new DomainSocketAddress(name.startsWith("@") ? '\0' + name.substring(1) : name));
    }

    /** The value of {@code NOTIFY_SOCKET}. */
    public String name() {
        return name;
    }

    /** The next message; empty if none has come. */
    public Optional<String> poll() {
        try {
            buffer.clear();
            return Optional.ofNullable(socket.recvFromDomainSocket(buffer, 0, buffer.capacity()))
                    .map(sender -> {
                        byte[] bytes = new byte[sender.receivedAmount()];
                        buffer.get(0, bytes);
                        return new String(bytes, StandardCharsets.UTF_8);
                    });
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The next message, soon. */
    public String next() {
        return Awaitility.await().until(this::poll, Optional::isPresent).orElseThrow();
    }

    /** The next message that is no sign of life, soon. */
    public String nextNews() {
        return Awaitility.await()
                .pollInterval(Duration.ofMillis(2))
                .until(
                        this::poll,
                        message -> message.isPresent() && !message.get().equals("WATCHDOG=1"))
                .orElseThrow();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
