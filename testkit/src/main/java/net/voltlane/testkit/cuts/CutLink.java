package net.voltlane.testkit.cuts;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import net.voltlane.testkit.Direction;
import net.voltlane.testkit.version3.PeerLoop;

/**
 * A link through a {@link CutRelay}: two sockets, and two streams between them. It belongs to the thread of its loop.
 *
 * <pre>
 *   LIVE ──a stream's cut, all before it is written──► RESET, or HALF_CLOSED as the cut says
 *   LIVE, HALF_CLOSED ──both directions have ended───► CLOSED
 *   LIVE, HALF_CLOSED ──a socket fails───────────────► RESET
 * </pre>
 */
final class CutLink implements PeerLoop.Ready {
    private final CutPipe out;
    private final CutPipe back;
    private final SocketChannel near;
    private final SocketChannel far;
    private boolean isOver;

    private CutLink(SocketChannel near, SocketChannel far, CutStream out, CutStream back, ByteBuffer buffer) {
        this.near = near;
        this.far = far;
        this.out = new CutPipe(this, near, far, out, buffer);
        this.back = new CutPipe(this, far, near, back, buffer);
    }

    /** Dials the target for a connection that was accepted. */
    static CutLink join(
            PeerLoop loop,
            SocketChannel near,
            InetSocketAddress target,
            CutStream out,
            CutStream back,
            ByteBuffer buffer)
            throws IOException {
        SocketChannel far = SocketChannel.open();
        try {
            far.configureBlocking(false);
            far.setOption(StandardSocketOptions.TCP_NODELAY, true);
            boolean connected = far.connect(target);
            CutLink link = new CutLink(near, far, out, back, buffer);
            SelectionKey nearKey = loop.register(near, SelectionKey.OP_READ, link);
            SelectionKey farKey = loop.register(far, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, link);
            link.out.keys(nearKey, farKey);
            link.back.keys(farKey, nearKey);
            return link;
        } catch (IOException e) {
            far.close();
            throw e;
        }
    }

    private CutPipe pipe(Direction direction) {
        return direction == Direction.OUT ? out : back;
    }

    void arm(Cut cut) {
        pipe(cut.direction()).arm(cut);
    }

    void arm(Tamper tamper) {
        pipe(tamper.direction()).stream().arm(tamper);
    }

    boolean isOver() {
        return isOver;
    }

    @Override
    public void ready(SelectionKey key) {
        try {
            if (key.isValid() && key.isConnectable()) {
                far.finishConnect();
                key.interestOps(SelectionKey.OP_READ);
                out.flush();
            }
            if (key.isValid() && key.isWritable()) {
                (key.channel() == far ? out : back).flush();
            }
            if (key.isValid() && key.isReadable()) {
                (key.channel() == near ? out : back).read();
            }
        } catch (IOException e) {
            reset();
        }
    }

    /** A direction has come to its end. */
    void ended() {
        if (out.hasEnded() && back.hasEnded()) {
            isOver = true;
            close(near);
            close(far);
        }
    }

    /** Resets both ends. */
    void reset() {
        isOver = true;
        linger(near);
        linger(far);
        close(near);
        close(far);
    }

    private static void linger(SocketChannel channel) {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            // closed already
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // closing is all that can be done
        }
    }
}
