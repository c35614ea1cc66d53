package net.voltlane.cli.relay;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.SplittableRandom;

/**
 * A connection through the relay: two sockets, and what was read from one and not written to the other.
 *
 * <pre>
 *   LIVE ──arm──► ARMED ──bytes come──► DEAD_AIR ──time is over──► CLOSED, both sockets reset
 *   LIVE, ARMED ──both ends have finished, or one has failed──► CLOSED
 * </pre>
 *
 * In DEAD_AIR the relay passes on nothing, but reads and counts what still comes: that is what lies in the buffers of a
 * connection that is dead, before its ends know.
 */
final class Pair {

    private enum State {
        LIVE,
        ARMED,
        DEAD_AIR,
        CLOSED
    }

    private static final int BUFFER_BYTES = 64 * 1024;

    private final Side dialler;
    private final Side dialled;
    private final Tap tap;
    private final SplittableRandom random;
    private State state = State.LIVE;

    private Pair(Side dialler, Side dialled, Tap tap, SplittableRandom random) {
        this.dialler = dialler;
        this.dialled = dialled;
        this.tap = tap;
        this.random = random;
    }

    /** Dials the target for a connection that was accepted. */
    static Pair join(
            SocketChannel accepted, InetSocketAddress target, Selector selector, Tap tap, SplittableRandom random)
            throws IOException {
        SocketChannel toTarget = SocketChannel.open();
        try {
            prepare(accepted);
            prepare(toTarget);
            boolean connected = toTarget.connect(target);
            Side near = new Side(accepted, accepted.register(selector, SelectionKey.OP_READ));
            Side far = new Side(
                    toTarget, toTarget.register(selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT));
            Pair pair = new Pair(near, far, tap, random);
            near.key.attach(pair);
            far.key.attach(pair);
            return pair;
        } catch (IOException e) {
            toTarget.close();
            throw e;
        }
    }

    private static void prepare(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    boolean isDeadAir() {
        return state == State.DEAD_AIR;
    }

    /** True if there is traffic that a cut would cut. */
    boolean canBeCut() {
        return state == State.LIVE && tap.isLive();
    }

    /** Lets the next bytes that come from either end be the last that pass, and those only in part. */
    void arm() {
        state = State.ARMED;
    }

    /** Takes back {@link #arm}, if nothing has come since. */
    void disarm() {
        if (state == State.ARMED) {
            state = State.LIVE;
        }
    }

    /** Goes on with whatever the socket of {@code key} is ready for. */
    void ready(SelectionKey key) {
        Side side = key == dialler.key ? dialler : dialled;
        Side other = side == dialler ? dialled : dialler;
        try {
            if (key.isConnectable() && side.channel.finishConnect()) {
                key.interestOps(SelectionKey.OP_READ);
                side.flush(other);
            }
            if (key.isValid() && key.isWritable()) {
                side.flush(other);
            }
            if (key.isValid() && key.isReadable()) {
                read(side, other);
            }
        } catch (IOException | IndexOutOfBoundsException e) {
            reset(); // one end has reset the connection, or sends what no end of it should
        }
    }

    private void read(Side side, Side other) throws IOException {
        ByteBuffer free = other.free();
        int from = free.position();
        int count = side.channel.read(free);
        if (count < 0) {
            finished(side, other);
            return;
        }
        ByteBuffer seen = free.duplicate().limit(from + count).position(from);
        if (side == dialler) {
            tap.fromDialler(seen);
        } else {
            tap.fromDialled(seen);
        }
        if (state == State.ARMED && count > 0) {
            state = State.DEAD_AIR;
            other.passOn(random.nextInt(count));
            other.flush(side);
            other.drop();
        } else if (state == State.DEAD_AIR) {
            other.drop();
        } else {
            other.passOn(count);
            other.flush(side);
        }
    }

    private void finished(Side side, Side other) throws IOException {
        side.hasFinished = true;
        side.key.interestOpsAnd(~SelectionKey.OP_READ);
        other.flush(side);
        if (other.hasFinished) {
            state = State.CLOSED;
            side.channel.close();
            other.channel.close();
        }
    }

    /** Ends the connection with a reset to both ends, as a network that goes away would. */
    void reset() {
        state = State.CLOSED;
        dialler.reset();
        dialled.reset();
    }

    /** A socket, with the bytes that wait to be written to it. */
    private static final class Side {

        final SocketChannel channel;
        final SelectionKey key;
        boolean hasFinished;

        /** From position 0 to {@code waiting}: bytes to be written. Behind them: room. */
        private final ByteBuffer buffer = ByteBuffer.allocate(2 * BUFFER_BYTES);

        private int waiting;

        Side(SocketChannel channel, SelectionKey key) {
            this.channel = channel;
            this.key = key;
        }

        /** Room behind what waits, at least one byte. */
        ByteBuffer free() {
            return buffer.duplicate()
                    .limit(Math.min(buffer.capacity(), waiting + BUFFER_BYTES))
                    .position(waiting);
        }

        void passOn(int count) {
            waiting += count;
        }

        void drop() {
            waiting = 0;
        }

        /** Writes what the socket takes; reads from the other end only if not too much is left. */
        void flush(Side other) throws IOException {
            if (!channel.isConnected()) {
                other.reads(waiting <= BUFFER_BYTES);
                return;
            }
            if (waiting > 0) {
                ByteBuffer out = buffer.duplicate().limit(waiting).position(0);
                channel.write(out);
                buffer.put(0, buffer.array(), out.position(), out.remaining());
                waiting = out.remaining();
            }
            if (waiting > 0) {
                key.interestOpsOr(SelectionKey.OP_WRITE);
            } else {
                key.interestOpsAnd(~SelectionKey.OP_WRITE);
                if (other.hasFinished) {
                    channel.shutdownOutput();
                }
            }
            other.reads(waiting <= BUFFER_BYTES);
        }

        private void reads(boolean on) {
            if (!on || hasFinished) {
                key.interestOpsAnd(~SelectionKey.OP_READ);
            } else if (channel.isConnected()) {
                key.interestOpsOr(SelectionKey.OP_READ);
            }
        }

        void reset() {
            try {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException e) {
                // it is closed already
            }
            try {
                channel.close();
            } catch (IOException e) {
                // it is gone either way
            }
        }
    }
}
