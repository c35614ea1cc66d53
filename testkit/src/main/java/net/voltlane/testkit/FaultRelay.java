package net.voltlane.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * A TCP relay that stands between two peers and breaks their links on command: resets and FINs, a stalled direction,
 * delay, writes cut into pieces, a cut after an exact number of bytes, and silence (both links look alive, nothing
 * comes through). Faults hold for all links, those to come included, until they are taken back.
 *
 * <p>Any thread may call it. Its threads are daemons; {@link #close()} ends and counts them.
 */
public final class FaultRelay implements AutoCloseable {
    private final InetSocketAddress target;
    private final ServerSocketChannel listener;
    private final InetSocketAddress address;
    private final Map<Direction, Faults> faults = new EnumMap<>(Direction.class);
    /** Guarded by itself, from before the target can know of a link: a cut misses none that either side has seen. */
    private final List<RelayedLink> links = new ArrayList<>();

    private int linksMade;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private volatile int socketBufferBytes;

    private FaultRelay(InetSocketAddress target) {
        this.target = target;
        for (Direction direction : Direction.values()) {
            faults.put(direction, new Faults());
        }
        try {
            listener = ServerSocketChannel.open().bind(Ports.loopback(0));
            address = (InetSocketAddress) listener.getLocalAddress();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start("fault-relay-acceptor", this::acceptAll);
    }

    /**
     * A relay to {@code target}, which need not listen yet: connections that come meanwhile are accepted and closed.
     */
    public static FaultRelay to(InetSocketAddress target) {
        return new FaultRelay(target);
    }

    /** Returns the address to dial instead of the target. */
    public InetSocketAddress address() {
        return address;
    }

    /** Asks small socket buffers of the kernel for links to come, so that a stall is felt soon. */
    public void socketBuffers(int bytes) {
        socketBufferBytes = bytes;
    }

    /** Returns the number of links that were made so far. */
    public int links() {
        synchronized (links) {
            return linksMade;
        }
    }

    /** Returns the number of bytes that were passed on (or swallowed) in this direction so far. */
    public long bytesPassed(Direction direction) {
        return of(direction).bytesPassed();
    }

    /** Stops reading in this direction: TCP will hold the sender back. */
    public void stall(Direction direction) {
        of(direction).stall(true);
    }

    /** Takes {@link #stall} back. */
    public void unstall(Direction direction) {
        of(direction).stall(false);
    }

    /** From now on keeps every piece back for so long. */
    public void delay(Direction direction, Duration by) {
        of(direction).delay(by);
    }

    /** Writes in pieces of these sizes, in turn; no sizes: as it was read. */
    public void split(Direction direction, int... sizes) {
        of(direction).split(sizes);
    }

    /**
     * Resets both sides of the link that carries the {@code bytes}-th byte from now on, right after it. Happens once.
     */
    public void cutAfter(Direction direction, long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("a cut comes after at least one byte: " + bytes);
        }
        of(direction).cutAfter(bytes);
    }

    /** Both sides believe in the link, but nothing passes: everything is read and thrown away, ends included. */
    public void blackHole(boolean on) {
        faults.values().forEach(direction -> direction.swallow(on));
    }

    /** Resets both sides of all links. */
    public void cut() {
        forEachLink(RelayedLink::cut);
    }

    /** Resets one side of all links; the other hears nothing of it. */
    public void cut(Side side) {
        forEachLink(link -> link.cut(side));
    }

    /** Ends both sides of all links with a FIN. */
    public void finish() {
        forEachLink(RelayedLink::finish);
    }

    /** The two sides of a relay. */
    public enum Side {
        /** The peer that dialled the relay. */
        DIALLER,
        /** The peer that the relay dialled. */
        TARGET
    }

    /** Ends everything; no thread is left when it returns. */
    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        faults.values().forEach(Faults::release);
        finish();
        try {
            for (Thread thread : threads) {
                thread.join(5_000);
                if (thread.isAlive()) {
                    throw new AssertionError("fault relay: a thread is left behind: " + thread.getName());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Faults of(Direction direction) {
        Faults found = faults.get(direction);
        assert found != null;
        return found;
    }

    private void acceptAll() {
        try {
            while (true) {
                join(listener.accept());
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void join(SocketChannel near) {
        synchronized (links) {
            try {
                prepare(near);
                RelayedLink link = new RelayedLink(near, dial());
                links.removeIf(RelayedLink::isGone);
                links.add(link);
                linksMade++;
                start("fault-relay-out", new Pipe(near, link.far(), of(Direction.OUT), link));
                start("fault-relay-back", new Pipe(link.far(), near, of(Direction.BACK), link));
                if (!listener.isOpen()) {
                    link.finish();
                }
            } catch (IOException e) {
                RelayedLink.close(near);
            }
        }
    }

    private void forEachLink(Consumer<RelayedLink> action) {
        synchronized (links) {
            links.forEach(action);
        }
    }

    private SocketChannel dial() throws IOException {
        SocketChannel far = SocketChannel.open();
        try {
            prepare(far);
            far.connect(target);
            return far;
        } catch (IOException e) {
            far.close();
            throw e;
        }
    }

    private void prepare(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        if (socketBufferBytes > 0) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, socketBufferBytes);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, socketBufferBytes);
        }
    }

    private void start(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
        threads.removeIf(one -> !one.isAlive());
        threads.add(thread);
    }
}
