package net.voltlane.cli.demo;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import net.voltlane.protocol.Frame;
import org.jspecify.annotations.Nullable;

/** A TCP connection that carries frames and never blocks. */
final class Connection {

    private static final int READ_BYTES = 8 * 1024;

    private final SocketChannel channel;
    private final SelectionKey key;
    private final Queue<ByteBuffer> unsent = new ArrayDeque<>();
    private byte[] received = new byte[READ_BYTES];
    private int from;
    private int to;

    private Connection(SocketChannel channel, SelectionKey key) {
        this.channel = channel;
        this.key = key;
    }

    /**
     * Starts to connect.
     *
     * @param owner what the selector hands out when something can be done
     */
    static Connection open(InetSocketAddress server, Selector selector, Object owner) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.connect(server);
            return new Connection(channel, channel.register(selector, SelectionKey.OP_CONNECT, owner));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Goes on with whatever the socket is ready for. */
    void proceed() throws IOException {
        if (key.isConnectable() && channel.finishConnect()) {
            write();
        }
        if (key.isValid() && key.isWritable()) {
            write();
        }
        if (key.isValid() && key.isReadable()) {
            read();
        }
    }

    /** Sends a whole frame, now or as soon as the socket takes it. */
    void send(byte[] frame) throws IOException {
        unsent.add(ByteBuffer.wrap(frame));
        if (channel.isConnected()) {
            write();
        }
    }

    /** The payload of the next complete frame, or null. */
    byte @Nullable [] next() {
        if (to - from < Frame.PREFIX_BYTES) {
            return null;
        }
        int end = from + Frame.PREFIX_BYTES + Frame.length(received, from);
        if (to < end) {
            return null;
        }
        byte[] payload = Arrays.copyOfRange(received, from + Frame.PREFIX_BYTES, end);
        from = end;
        return payload;
    }

    /** Breaks the connection with a reset, as a network that goes away would. */
    void cut() throws IOException {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.close();
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // it is gone either way
        }
    }

    private void read() throws IOException {
        if (received.length - to < READ_BYTES / 2) {
            byte[] larger = new byte[Math.max(received.length, 2 * (to - from) + READ_BYTES)];
            System.arraycopy(received, from, larger, 0, to - from);
            received = larger;
            to -= from;
            from = 0;
        }
        int count = channel.read(ByteBuffer.wrap(received, to, received.length - to));
        if (count < 0) {
            throw new EOFException("the server closed the connection");
        }
        to += count;
    }

    private void write() throws IOException {
        ByteBuffer next = unsent.peek();
        while (next != null) {
            channel.write(next);
            if (next.hasRemaining()) {
                key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                return;
            }
            unsent.remove();
            next = unsent.peek();
        }
        key.interestOps(SelectionKey.OP_READ);
    }
}
