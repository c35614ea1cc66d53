package net.voltlane.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * A listening socket with a thread of its own that accepts. Closing it ends the thread, and closes the socket at once:
 * one in a selector would stay open until the next select.
 */
final class AcceptingSocket {
    /** Takes each connection, on the thread that accepts. */
    interface Receiver {
        void accepted(SocketChannel channel) throws IOException;
    }

    private final ServerSocketChannel socket;
    private final Receiver receiver;
    private final Thread thread;

    private AcceptingSocket(ServerSocketChannel socket, Receiver receiver) {
        this.socket = socket;
        this.receiver = receiver;
        thread = new Thread(this::acceptAll, "scripted-master-acceptor");
        thread.setDaemon(true);
    }

    /** Listens; nothing is accepted before {@link #start()}. */
    static AcceptingSocket listen(InetSocketAddress address, int receiveBufferBytes, Receiver receiver) {
        try {
            ServerSocketChannel socket = ServerSocketChannel.open();
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            if (receiveBufferBytes > 0) {
                socket.setOption(StandardSocketOptions.SO_RCVBUF, receiveBufferBytes);
            }
            socket.bind(address);
            return new AcceptingSocket(socket, receiver);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void start() {
        thread.start();
    }

    /** Closes the socket and waits for its thread: the kernel keeps the port open while a thread still accepts. */
    void close() {
        closeSocket();
        join(thread);
    }

    /** Waits 5 s at most. */
    static void join(Thread ending) {
        try {
            ending.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (ending.isAlive()) {
            throw new AssertionError("master: " + ending.getName() + " did not end");
        }
    }

    private void acceptAll() {
        try {
            while (true) {
                receiver.accepted(socket.accept());
            }
        } catch (IOException | ClosedSelectorException e) {
            closeSocket();
        }
    }

    private void closeSocket() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
