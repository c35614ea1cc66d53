package net.voltlane.systemtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.ToLongFunction;
import net.voltlane.testkit.Seeds;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * {@code mvn -Psoak verify}, an hour unless {@code -Dsoak.minutes} says otherwise: everything at once, for long. A
 * checked fleet under faults, a master that dies and returns, sessions of every kind of end, slow readers, strangers.
 * Every few minutes all but the fleet holds still, and the server is measured: what it holds must not grow.
 */
@Tag("soak")
class SoakTest {
    private static final double MINUTES = Double.parseDouble(System.getProperty("soak.minutes", "60"));
    private static final int WINDOWS = 12;
    private static final int CLIENTS = 16;
    /** The fleet could take all there is, and nobody else would have a turn. */
    private static final int REST_MILLIS = 15;

    private static final int CHURNERS = 3;
    private static final int MASTER_DIES_ONE_IN = 60;
    private static final Duration QUIET_LIMIT = Duration.ofSeconds(30);

    // What may be added between the middle and the end: ids of ended sessions are remembered (65536 of them), the JVM's
    // own structures fill up. A leak of one object for each session would be far more.
    private static final long HEAP_SLACK_BYTES = 3 << 20;
    private static final long BUFFER_SLACK_BYTES = 8 << 20;
    private static final long RESIDENT_SLACK_BYTES = 16 << 20;
    private static final int THREAD_SLACK = 2;

    private static final List<Strangers.Deed> DEEDS = List.of(
            Strangers::knock,
            Strangers::exaggerate,
            Strangers::guess,
            Strangers::babble,
            Strangers::mistakeThePort,
            Strangers::forgeAKey,
            Strangers::giveUp);

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicReference<@Nullable Throwable> fault = new AtomicReference<>();
    /** Shared by those who work, held alone by whoever measures. */
    private final ReadWriteLock work = new ReentrantReadWriteLock(true);

    @Test
    void whatTheServerHoldsDoesNotGrow() {
        Seeds.run(this::soak);
    }

    private void soak(long seed) throws InterruptedException {
        Random random = new Random(seed);
        try (Fleet fleet = new Fleet(
                CLIENTS,
                random.nextLong(),
                settings(),
                new CheckedClient.Manner(false, REST_MILLIS),
                "-Xms64m",
                "-Xmx64m",
                "-XX:+AlwaysPreTouch",
                "-XX:NativeMemoryTracking=summary",
                "-Dio.netty.leakDetection.level=simple")) {
            List<Churn> churns = new ArrayList<>();
            List<Thread> workers = new ArrayList<>();
            for (int i = 0; i < CHURNERS; i++) {
                Churn churn = new Churn(fleet.address(), fleet.master(), random.nextLong());
                churns.add(churn);
                workers.add(worker(churn::round));
            }
            Random deeds = new Random(random.nextLong());
            workers.add(worker(() -> Strangers.act(fleet.address(), DEEDS.get(deeds.nextInt(DEEDS.size())), deeds)));
            List<Gauge> gauges = new ArrayList<>();
            long windowNanos = (long) (MINUTES * 60e9 / WINDOWS);
            long startNanos = System.nanoTime();
            long faults = 0;
            int descriptors = 0;
            try {
                for (int window = 0; window < WINDOWS; window++) {
                    faults += window(fleet, random, startNanos + (window + 1) * windowNanos);
                    Gauge gauge = measure(fleet, descriptors);
                    descriptors = window == 0 ? gauge.descriptors() : descriptors;
                    gauges.add(gauge);
                    System.out.printf(
                            "soak %5.1f min: %s; letters %d, faults %d, sessions ended %d, churned %d%n",
                            MINUTES * (window + 1) / WINDOWS,
                            gauge,
                            fleet.master().letters(),
                            faults,
                            fleet.master().failures(),
                            churns.stream().mapToLong(Churn::rounds).sum());
                }
            } finally {
                over.set(true);
                for (Thread thread : workers) {
                    thread.join(QUIET_LIMIT.toMillis());
                }
            }
            fleet.settle();
            for (CheckedClient client : fleet.clients()) {
                assertThat(fleet.master().lastNumber(client.id())).isEqualTo(client.lastSent());
            }
            System.out.printf(
                    "soak: seed %d, %d links of the fleet, %d firehoses, %d rounds of churn without an answer%n",
                    seed,
                    fleet.clients().stream().mapToInt(CheckedClient::links).sum(),
                    fleet.master().firehoses(),
                    churns.stream().mapToLong(Churn::unanswered).sum());
            assertFlat(gauges);
        }
    }

    private static Settings settings() {
        return new Settings()
                .set("general.log_level", "Error")
                .set("listener.handshake_timeout_secs", 3)
                .set("clients.stale_timeout_secs", 10)
                .set("clients.stale_reap_interval_secs", 1)
                .set("clients.max_stale_clients", 200)
                .set("clients.channel_capacity_bytes", 1 << 20);
    }

    private long window(Fleet fleet, Random random, long untilNanos) {
        long faults = 0;
        do {
            if (random.nextInt(MASTER_DIES_ONE_IN) == 0) {
                fleet.masterDiesAndReturns();
            } else {
                fleet.fault();
            }
            faults++;
            assertThat(fault.get()).isNull();
        } while (untilNanos - System.nanoTime() > 0);
        return faults;
    }

    /** Everybody else holds still; their sockets are closed before the server is looked at. */
    private Gauge measure(Fleet fleet, int descriptorsBefore) {
        work.writeLock().lock();
        try {
            fleet.awaitTraffic();
            long pid = fleet.server().pid();
            if (descriptorsBefore > 0) {
                await("descriptors are given back")
                        .atMost(QUIET_LIMIT)
                        .pollInterval(Duration.ofMillis(100))
                        .until(() -> Gauge.descriptors(pid) <= descriptorsBefore);
            } else {
                awaitSteadyDescriptors(pid);
            }
            return Gauge.of(pid);
        } finally {
            work.writeLock().unlock();
        }
    }

    /** For longer than a link may take to close. */
    private static void awaitSteadyDescriptors(long pid) {
        int[] last = {-1};
        await().atMost(QUIET_LIMIT).pollInterval(Duration.ofSeconds(6)).until(() -> {
            int now = Gauge.descriptors(pid);
            boolean steady = now == last[0];
            last[0] = now;
            return steady;
        });
    }

    private Thread worker(Runnable round) {
        Thread thread = new Thread(
                () -> {
                    while (!over.get() && fault.get() == null) {
                        work.readLock().lock();
                        try {
                            round.run();
                        } catch (RuntimeException | AssertionError e) {
                            fault.compareAndSet(null, e);
                        } finally {
                            work.readLock().unlock();
                        }
                    }
                },
                "soak-worker");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void assertFlat(List<Gauge> gauges) {
        int third = gauges.size() / 3;
        List<Gauge> middle = gauges.subList(third, 2 * third);
        List<Gauge> end = gauges.subList(gauges.size() - third, gauges.size());
        assertGrowth("heap", Gauge::heapBytes, middle, end, HEAP_SLACK_BYTES);
        assertGrowth("buffers", Gauge::bufferBytes, middle, end, BUFFER_SLACK_BYTES);
        assertGrowth("resident memory", Gauge::residentBytes, middle, end, RESIDENT_SLACK_BYTES);
        assertGrowth("descriptors", Gauge::descriptors, middle, end, 0);
        assertGrowth("threads", Gauge::threads, middle, end, THREAD_SLACK);
    }

    private static void assertGrowth(
            String what, ToLongFunction<Gauge> of, List<Gauge> middle, List<Gauge> end, long slack) {
        long before = median(middle, of);
        long after = median(end, of);
        System.out.printf("soak: %s: median of the middle third %d, of the last third %d%n", what, before, after);
        assertThat(after).as("%s at the end", what).isLessThanOrEqualTo(before + slack);
    }

    private static long median(List<Gauge> gauges, ToLongFunction<Gauge> of) {
        return gauges.stream()
                .mapToLong(of)
                .sorted()
                .skip(gauges.size() / 2)
                .findFirst()
                .orElseThrow();
    }
}
