package net.voltlane.cli.systemd;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A datagram socket to the address that {@code NOTIFY_SOCKET} names: a path, or {@code @} and a name that is in no file
 * system. The JDK has no such sockets, so it is one of Netty's native transport for Linux. Thread-safe: each message is
 * one system call, which does not block.
 */
final class NotifySocket {
    private final Socket socket = Socket.newSocketDomainDgram();
    private final byte[] address;

    private NotifySocket(byte[] address) {
        this.address = address;
    }

    /**
     * @param name the value of {@code NOTIFY_SOCKET}
     * @throws IOException where there are no such sockets, or the name is none of them
     */
    static NotifySocket open(String name) throws IOException {
        if (!Epoll.isAvailable()) {
            throw new IOException("the native transport for Linux is not available");
        }
        byte[] address = name.getBytes(StandardCharsets.UTF_8);
        switch (address.length == 0 ? 0 : address[0]) {
            case '/' -> {}
            case '@' -> address[0] = 0;
            default -> throw new IOException("neither a path nor a name that begins with @");
        }
        return new NotifySocket(address);
    }

    /**
     * Sends a message.
     *
     * @return false if the service manager has not read the ones before, and takes none now
     * @throws IOException if it takes none at all
     */
    boolean send(String message) throws IOException {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length);
        buffer.put(bytes);
        return socket.sendToDomainSocket(buffer, 0, bytes.length, address) == bytes.length;
    }
}
