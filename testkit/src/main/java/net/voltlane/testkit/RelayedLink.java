package net.voltlane.testkit;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/**
 * Two joined sockets of a {@link FaultRelay}. It is ended once: closing a socket makes the pipes that read it stumble,
 * and what they then report must not turn a FIN into a reset.
 */
final class RelayedLink {
    private final SocketChannel near;
    private final SocketChannel far;
    private int runningPipes = 2;
    private boolean ended;

    RelayedLink(SocketChannel near, SocketChannel far) {
        this.near = near;
        this.far = far;
    }

    SocketChannel far() {
        return far;
    }

    /** Returns true once both directions have ended and both sockets are closed. */
    boolean isGone() {
        return !near.isOpen() && !far.isOpen();
    }

    /** Resets both sides. */
    synchronized void cut() {
        if (!ended) {
            ended = true;
            reset(near);
            reset(far);
        }
    }

    /** Resets one side; the other stays open, and is no longer read or written. */
    synchronized void cut(FaultRelay.Side side) {
        if (!ended) {
            ended = true;
            reset(side == FaultRelay.Side.DIALLER ? near : far);
        }
    }

    /** Ends both sides with a FIN. */
    synchronized void finish() {
        ended = true;
        close(near);
        close(far);
    }

    /** Notes that a direction has ended in good order. */
    synchronized void pipeDone() {
        if (--runningPipes == 0) {
            finish();
        }
    }

    private static void reset(SocketChannel channel) {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            // closed already
        }
        close(channel);
    }

    static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // closing is all that can be done
        }
    }
}
