package net.voltlane.systemtest;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ScriptedClient;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * A few clients that have a packet echoed by the clock, each with a thread of its own. An echo's latency runs from the
 * moment at which its packet was due, so that one that keeps the next waiting is not forgotten.
 */
final class HonestClients implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int PACKET_BYTES = 64;
    private static final int SIGNIFICANT_DIGITS = 3;

    private final List<ScriptedClient> clients = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicReference<@Nullable Throwable> fault = new AtomicReference<>();
    private final long intervalNanos;
    /** Guarded by itself. */
    private final Histogram latencyNanos = new Histogram(SIGNIFICANT_DIGITS);

    HonestClients(InetSocketAddress server, int count, int packetsPerSecondEach) {
        intervalNanos = 1_000_000_000L / packetsPerSecondEach;
        for (int i = 0; i < count; i++) {
            ScriptedClient client = ScriptedClient.open(server).timeout(LIMIT);
            clients.add(client);
            long firstNanos = System.nanoTime() + i * intervalNanos / count;
            Thread thread = new Thread(() -> echo(client, firstNanos), "honest-client");
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    /** Returns the measurements since the last call. */
    Histogram take() {
        Throwable wrong = fault.get();
        if (wrong != null) {
            throw new AssertionError("an honest client was not served: " + wrong.getMessage(), wrong);
        }
        synchronized (latencyNanos) {
            Histogram taken = latencyNanos.copy();
            latencyNanos.reset();
            return taken;
        }
    }

    private void echo(ScriptedClient client, long firstNanos) {
        try {
            long dueNanos = firstNanos;
            for (int number = 0; !over.get(); number++) {
                while (dueNanos - System.nanoTime() > 0) {
                    LockSupport.parkNanos(dueNanos - System.nanoTime());
                }
                client.send(Bytes.numbered(number, PACKET_BYTES));
                int echoed = Bytes.number(client.receive());
                if (echoed != number) {
                    throw new AssertionError("sent " + number + ", got " + echoed);
                }
                synchronized (latencyNanos) {
                    latencyNanos.recordValue(Math.max(0, System.nanoTime() - dueNanos));
                }
                dueNanos += intervalNanos;
            }
        } catch (RuntimeException | AssertionError e) {
            fault.compareAndSet(null, e);
        }
    }

    @Override
    public void close() {
        over.set(true);
        for (Thread thread : threads) {
            try {
                thread.join(LIMIT.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        clients.forEach(ScriptedClient::close);
    }
}
