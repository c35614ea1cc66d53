package net.voltlane.testkit.cuts;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A direction of a {@link CutLink}: reads one socket, and writes to the other what its stream lets pass. */
final class CutPipe {
    private final CutLink link;
    private final SocketChannel from;
    private final SocketChannel to;
    private final CutStream stream;
    private final ByteBuffer buffer;
    private final Deque<ByteBuffer> waiting = new ArrayDeque<>();
    private @Nullable SelectionKey fromKey;
    private @Nullable SelectionKey toKey;
    private Cut.How how = Cut.How.RESET;
    /** No more comes from its sender. */
    private boolean isFinished;
    /** Its receiver was told that no more comes. */
    private boolean isShut;

    /** @param buffer for what is read, shared by all pipes of a loop */
    CutPipe(CutLink link, SocketChannel from, SocketChannel to, CutStream stream, ByteBuffer buffer) {
        this.link = link;
        this.buffer = buffer;
        this.from = from;
        this.to = to;
        this.stream = stream;
    }

    void keys(SelectionKey sender, SelectionKey receiver) {
        fromKey = sender;
        toKey = receiver;
    }

    void arm(Cut cut) {
        how = cut.how();
        stream.arm(cut);
    }

    CutStream stream() {
        return stream;
    }

    boolean hasEnded() {
        return isFinished && isShut;
    }

    void read() throws IOException {
        int n = from.read(buffer.clear());
        if (n < 0) {
            isFinished = true;
            interest(fromKey, SelectionKey.OP_READ, false);
        } else if (!stream.isCut()) {
            ByteBuffer passes = stream.take(buffer.flip());
            if (passes.hasRemaining()) {
                waiting.add(passes);
            }
        }
        flush();
    }

    /** Writes what waits, and goes on with what has to come after that. */
    void flush() throws IOException {
        if (!to.isConnected()) {
            return;
        }
        while (!waiting.isEmpty()) {
            to.write(waiting.peek());
            if (waiting.peek().hasRemaining()) {
                interest(toKey, SelectionKey.OP_WRITE, true);
                interest(fromKey, SelectionKey.OP_READ, false);
                return;
            }
            waiting.remove();
        }
        interest(toKey, SelectionKey.OP_WRITE, false);
        interest(fromKey, SelectionKey.OP_READ, !isFinished);
        if (stream.isCut() && how == Cut.How.RESET) {
            link.reset();
        } else if (stream.isCut() || isFinished) {
            if (!isShut) {
                isShut = true;
                to.shutdownOutput();
            }
            link.ended();
        }
    }

    private static void interest(@Nullable SelectionKey key, int operation, boolean on) {
        if (key != null && key.isValid()) {
            int before = key.interestOps();
            key.interestOps(on ? before | operation : before & ~operation);
        }
    }
}
