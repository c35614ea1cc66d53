package net.voltlane.testkit.version3;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import net.voltlane.protocol.Frame;

/** A peer's socket in a {@link PeerLoop}: frames in, bytes out, and its end. */
public final class PeerSocket implements PeerLoop.Ready {
    private static final int BUFFER_BYTES = 4 * 1024;

    private final SocketChannel channel;
    private final SelectionKey key;
    private ByteBuffer unread = ByteBuffer.allocate(BUFFER_BYTES);
    private final Deque<ByteBuffer> outbox = new ArrayDeque<>();
    private Consumer<byte[]> onFrame = payload -> {};
    private boolean ended;

    PeerSocket(SocketChannel channel, SelectionKey key) {
        this.channel = channel;
        this.key = key;
    }

    /** From now on passes on the payload of each frame. */
    public void onFrame(Consumer<byte[]> frames) {
        onFrame = frames;
    }

    public void write(byte[] bytes) {
        if (!ended) {
            outbox.add(ByteBuffer.wrap(bytes));
            flush();
        }
    }

    /** It is over, whoever has ended it. */
    public boolean isOver() {
        return ended;
    }

    /** Ends it with a reset. */
    public void reset() {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            // closed already
        }
        end();
    }

    /** Ends it with a FIN. */
    public void close() {
        end();
    }

    private void end() {
        ended = true;
        outbox.clear();
        try {
            channel.close();
        } catch (IOException e) {
            // closing is all that can be done
        }
    }

    @Override
    public void ready(SelectionKey ready) {
        try {
            if (key.isValid() && key.isConnectable()) {
                channel.finishConnect();
                key.interestOps(SelectionKey.OP_READ);
                flush();
            }
            if (key.isValid() && key.isWritable()) {
                flush();
            }
            if (key.isValid() && key.isReadable()) {
                read();
            }
        } catch (IOException e) {
            end();
        }
    }

    private void flush() {
        if (!channel.isConnected()) {
            return;
        }
        try {
            while (!outbox.isEmpty()) {
                channel.write(outbox.peek());
                if (outbox.peek().hasRemaining()) {
                    key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                    return;
                }
                outbox.remove();
            }
            key.interestOps(SelectionKey.OP_READ);
        } catch (IOException e) {
            end();
        }
    }

    private void read() throws IOException {
        int n = channel.read(unread);
        if (n < 0) {
            end();
            return;
        }
        unread.flip();
        while (!ended && unread.remaining() >= Frame.PREFIX_BYTES) {
            int length = Frame.length(unread.array(), unread.position());
            if (unread.remaining() < Frame.PREFIX_BYTES + length) {
                break;
            }
            byte[] payload = new byte[length];
            unread.position(unread.position() + Frame.PREFIX_BYTES).get(payload);
            onFrame.accept(payload);
        }
        unread.compact();
        if (!unread.hasRemaining()) {
            ByteBuffer larger = ByteBuffer.allocate(unread.capacity() * 2);
            unread.flip();
            larger.put(unread);
            unread = larger;
        }
    }
}
