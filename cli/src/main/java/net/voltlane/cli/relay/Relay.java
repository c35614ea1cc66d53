package net.voltlane.cli.relay;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A relay on loopback. While it is told to, it cuts one connection after the other in the middle of traffic. A cut lets a
 * part of what was read last pass, swallows what still comes in the next milliseconds, in both directions, and then resets
 * both ends.
 */
public final class Relay implements AutoCloseable {

    private static final int TICK_MILLIS = 2;
    private static final long MAX_DEAD_AIR_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long CLOSE_MILLIS = 5_000;

    private final InetSocketAddress target;
    private final Supplier<Tap> taps;
    private final Losses losses;
    private final long cutEveryNanos;
    private final SplittableRandom random = new SplittableRandom(1);
    private final Selector selector = Selector.open();
    private final ServerSocketChannel listener = ServerSocketChannel.open();
    private final Thread thread;
    private volatile boolean cutting;
    private volatile boolean closed;

    /** The thread's own. */
    private final List<Pair> pairs = new ArrayList<>();

    private final Map<Pair, Long> deadAirUntil = new HashMap<>();
    private long nextCutNanos = System.nanoTime();

    private Relay(String name, InetSocketAddress target, Supplier<Tap> taps, Losses losses, long cutEveryNanos)
            throws IOException {
        this.target = target;
        this.taps = taps;
        this.losses = losses;
        this.cutEveryNanos = cutEveryNanos;
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /**
     * Starts a relay for clients.
     *
     * @param server where the connection server listens
     * @param losses hears of cuts
     * @param cutEveryNanos time between two cuts
     */
    public static Relay forClients(InetSocketAddress server, Losses losses, long cutEveryNanos) throws IOException {
        Map<Long, LinkTap.Session> sessions = new HashMap<>();
        return start(new Relay("relay-clients", server, () -> new LinkTap(sessions, losses), losses, cutEveryNanos));
    }

    /**
     * Starts a relay for the firehose of one connection server.
     *
     * @param backend where the backend listens
     * @param losses hears of cuts
     * @param cutEveryNanos time between two cuts
     */
    public static Relay forFirehose(InetSocketAddress backend, Losses losses, long cutEveryNanos) throws IOException {
        FirehoseTap.Directions directions = new FirehoseTap.Directions();
        return start(
                new Relay("relay-firehose", backend, () -> new FirehoseTap(directions, losses), losses, cutEveryNanos));
    }

    private static Relay start(Relay relay) {
        relay.thread.start();
        return relay;
    }

    /** The address at which it listens. */
    public InetSocketAddress address() throws IOException {
        return (InetSocketAddress) listener.getLocalAddress();
    }

    /** Begins to cut, or stops; any thread. A cut that has begun is finished. */
    public void cutting(boolean on) {
        cutting = on;
    }

    /** Resets all connections and ends the thread; any thread. */
    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closed) {
                selector.select(this::ready, TICK_MILLIS);
                pairs.removeIf(Pair::isClosed);
                tick(System.nanoTime());
            }
        } catch (IOException e) {
            // the selector is broken; whoever uses the relay notices that nothing comes
        } finally {
            pairs.forEach(Pair::reset);
            try {
                listener.close();
                selector.close();
            } catch (IOException e) {
                // they are gone either way
            }
        }
    }

    private void ready(SelectionKey key) {
        if (key.attachment() instanceof Pair pair) {
            boolean wasDeadAir = pair.isDeadAir();
            pair.ready(key);
            if (pair.isDeadAir() && !wasDeadAir) {
                deadAirUntil.put(pair, System.nanoTime() + random.nextLong(MAX_DEAD_AIR_NANOS));
            }
        } else {
            accept();
        }
    }

    private void accept() {
        try {
            SocketChannel accepted = listener.accept();
            if (accepted != null) {
                try {
                    pairs.add(Pair.join(accepted, target, selector, taps.get(), random));
                } catch (IOException e) {
                    accepted.close(); // whoever dialled tries again
                }
            }
        } catch (IOException e) {
            // the peer is gone already
        }
    }

    private void tick(long nowNanos) {
        deadAirUntil.entrySet().removeIf(entry -> {
            if (nowNanos - entry.getValue() < 0) {
                return false;
            }
            entry.getKey().reset();
            losses.cut();
            return true;
        });
        if (!cutting) {
            pairs.forEach(Pair::disarm);
        } else if (nowNanos - nextCutNanos >= 0) {
            nextCutNanos = nowNanos + cutEveryNanos;
            List<Pair> candidates = pairs.stream().filter(Pair::canBeCut).toList();
            if (!candidates.isEmpty()) {
                candidates.get(random.nextInt(candidates.size())).arm();
            }
        }
    }
}
