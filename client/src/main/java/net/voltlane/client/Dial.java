package net.voltlane.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.SystemWords;
import net.voltlane.tcp.AddressPair;
import org.jspecify.annotations.Nullable;

/**
 * An attempt to get a connection to a server with several addresses, in the spirit of RFC 8305 ("Happy Eyeballs").
 * The addresses are dialled in turn: the next one as soon as one has failed, or 250 ms have passed without an answer.
 * The first that answers wins. One thread runs the attempt; any thread may abandon it.
 */
final class Dial {
    static final long NEXT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Deque<SocketAddress> left;
    private final long timeoutNanos;
    private final long startNanos = System.nanoTime();

    private volatile boolean abandoned;
    private volatile @Nullable Selector selector;

    private int underWay;
    private long nextNanos = startNanos;
    private IOException failure = new SocketTimeoutException("no answer in time");

    /** @param timeoutNanos for all addresses together, counted from now */
    Dial(List<? extends SocketAddress> targets, long timeoutNanos) {
        left = new ArrayDeque<>(targets);
        this.timeoutNanos = timeoutNanos;
    }

    /** Dials, and returns a connected channel in blocking mode. All other channels are closed by then. */
    SocketChannel run() throws IOException {
        SocketChannel winner = null;
        try (Selector opened = Selector.open()) {
            selector = opened;
            try {
                winner = race(opened);
            } finally {
                for (SelectionKey key : opened.keys()) {
                    if (key.channel() != winner) {
                        key.channel().close();
                    }
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            if (winner != null) {
                winner.close();
            }
            throw e;
        }
        try {
            winner.configureBlocking(true); // possible only after the selector was closed
            return winner;
        } catch (IOException e) {
            winner.close();
            throw e;
        }
    }

    /** Makes {@link #run} throw, at once or as soon as it is called. */
    void abandon() {
        abandoned = true;
        Selector waiting = selector;
        if (waiting != null) {
            waiting.wakeup();
        }
    }

    private SocketChannel race(Selector among) throws IOException {
        while (true) {
            if (abandoned) {
                throw new AsynchronousCloseException();
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new ClosedByInterruptException();
            }
            long passed = System.nanoTime() - startNanos;
            if (passed >= timeoutNanos || left.isEmpty() && underWay == 0) {
                throw failure;
            }
            long untilNext = nextNanos - System.nanoTime();
            if (!left.isEmpty() && (underWay == 0 || untilNext <= 0)) {
                SocketChannel atOnce = start(left.remove(), among);
                if (atOnce != null) {
                    return atOnce;
                }
                continue;
            }
            long wait = left.isEmpty() ? timeoutNanos - passed : Math.min(timeoutNanos - passed, untilNext);
            among.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(wait)));
            SocketChannel winner = firstConnected(among);
            if (winner != null) {
                return winner;
            }
        }
    }

    /** Begins to dial, and returns the channel if that is done: a Unix socket connects at once or not at all. */
    private @Nullable SocketChannel start(SocketAddress target, Selector among) throws IOException {
        nextNanos = System.nanoTime() + NEXT_NANOS;
        SocketChannel channel = target instanceof UnixDomainSocketAddress
                ? SocketChannel.open(StandardProtocolFamily.UNIX)
                : SocketChannel.open();
        boolean dialling = false;
        try {
            channel.configureBlocking(false);
            channel.register(among, SelectionKey.OP_CONNECT);
            boolean connected = channel.connect(target);
            if (!connected && target instanceof UnixDomainSocketAddress) {
                throw new ConnectException("too many connections wait for the server to accept them");
            }
            if (connected) {
                refuseSelf(channel);
                dialling = true;
                return channel;
            }
            dialling = true;
            underWay++;
        } catch (IOException refusedAtOnce) {
            failure = refusedAtOnce;
        } catch (UnsupportedAddressTypeException withoutIpv6) {
            failure = new ConnectException(SystemWords.of(withoutIpv6));
        } finally {
            if (!dialling) {
                channel.close();
            }
        }
        return null;
    }

    private @Nullable SocketChannel firstConnected(Selector among) throws IOException {
        for (SelectionKey key : among.selectedKeys()) {
            SocketChannel channel = (SocketChannel) key.channel();
            try {
                if (channel.finishConnect()) {
                    refuseSelf(channel);
                    return channel;
                }
            } catch (IOException e) {
                failure = e;
                channel.close();
                underWay--;
                nextNanos = System.nanoTime();
            }
        }
        among.selectedKeys().clear();
        return null;
    }

    /**
     * Refuses a connection to itself: on loopback the kernel may connect a socket to its own port if nobody listens
     * there.
     */
    private static void refuseSelf(SocketChannel channel) throws IOException {
        if (channel.getLocalAddress() instanceof InetSocketAddress local
                && channel.getRemoteAddress() instanceof InetSocketAddress remote
                && AddressPair.of(local, remote).isSelf()) {
            // Resets the connection: an ordinary close would block the port for its server for a minute.
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            throw new ConnectException("nobody listens on port " + remote.getPort()
                    + ": the connection came back to its own socket, as the port lies in the ephemeral range");
        }
    }
}
