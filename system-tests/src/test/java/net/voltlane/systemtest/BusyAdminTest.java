package net.voltlane.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.Seeds;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A server under full load that is reloaded, scraped and asked for all of its sessions ten times a second. No client
 * loses a packet or its link. {@code -Dvoltlane.busy.seconds} makes the test longer.
 */
class BusyAdminTest {
    private static final int CLIENTS = 12;
    private static final int SECONDS = Integer.getInteger("voltlane.busy.seconds", 3);
    private static final int ROUNDS_PER_SECOND = 10;
    private static final Pattern NEXT = Pattern.compile("\"next\": ?\"([^\"]+)\"");
    private static final Pattern SESSION = Pattern.compile("\"id\": ?\"\\d+\"");
    /** Less than the number of sessions, so that pages are turned. */
    private static final int PAGE = 5;

    private final AtomicReference<@Nullable Throwable> fault = new AtomicReference<>();

    @Test
    void reloadsScrapesAndListsCostNoPacket() {
        Seeds.run(this::run);
    }

    private void run(long seed) throws InterruptedException {
        InetSocketAddress address = Ports.loopback(Ports.free());
        Settings settings = new Settings().set("admin.address", Settings.text(address));
        try (Fleet fleet = new Fleet(CLIENTS, seed, settings, new CheckedClient.Manner(false, 0))) {
            AdminPort admin = new AdminPort(address, fleet.folder().resolve("admin.token"));
            fleet.awaitTraffic();
            long before = fleet.answers();
            AtomicInteger reloads = new AtomicInteger();
            List<Thread> workers = List.of(
                    byTheClock(round -> {
                        reload(fleet, admin, round);
                        reloads.incrementAndGet();
                    }),
                    byTheClock(round -> scrape(admin)),
                    byTheClock(round -> list(
                            admin,
                            List.of("opened", "-opened", "-waiting", "-traffic").get((int) (round % 4)))));
            for (Thread worker : workers) {
                worker.join();
            }
            assertThat(fault.get()).isNull();
            long answers = fleet.answers() - before;
            fleet.awaitTraffic();
            fleet.settle();
            System.out.printf("busy admin port: %d reloads, %d letters answered meanwhile%n", reloads.get(), answers);
            assertThat(reloads).hasValue(SECONDS * ROUNDS_PER_SECOND);
            assertThat(fleet.master().firehoses()).isOne();
            assertThat(fleet.master().failures()).isZero();
            for (CheckedClient client : fleet.clients()) {
                assertThat(client.lastBroken()).isZero();
                assertThat(fleet.master().lastNumber(client.id())).isEqualTo(client.lastSent());
            }
        }
    }

    /** Settings of every kind that takes effect at once: bounds, timeouts, buffers, limits. */
    private static void reload(Fleet fleet, AdminPort admin, long round) throws IOException {
        boolean even = round % 2 == 0;
        fleet.set("clients.channel_capacity", even ? 5_000 : 6_000);
        fleet.set("clients.stale_timeout_secs", even ? 300 : 200);
        fleet.set("limits.max_clients", even ? 1_000 : 2_000);
        fleet.set("general.log_level", even ? "Warn" : "Info");
        HttpResponse<String> answer = admin.post("/api/v1/reload");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("clients.channel_capacity").contains("limits.max_clients");
    }

    private static void scrape(AdminPort admin) throws IOException {
        HttpResponse<String> answer = admin.get("/metrics");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("voltlane_");
    }

    private static void list(AdminPort admin, String sort) throws IOException {
        int sessions = 0;
        String cursor = "";
        do {
            HttpResponse<String> answer = admin.get("/api/v1/sessions?limit=" + PAGE + "&sort=" + sort + cursor);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            sessions += (int) SESSION.matcher(answer.body()).results().count();
            Matcher next = NEXT.matcher(answer.body());
            cursor = next.find() ? "&cursor=" + next.group(1) : "";
        } while (!cursor.isEmpty());
        assertThat(sessions).as("sessions by " + sort).isEqualTo(CLIENTS);
    }

    /** A part of what keeps the admin port busy. */
    @FunctionalInterface
    private interface Work {
        void round(long round) throws IOException;
    }

    private Thread byTheClock(Work work) {
        long startNanos = System.nanoTime();
        Thread thread = new Thread(
                () -> {
                    try {
                        for (int round = 0; round < SECONDS * ROUNDS_PER_SECOND && fault.get() == null; round++) {
                            long dueNanos = startNanos + round * 1_000_000_000L / ROUNDS_PER_SECOND;
                            while (dueNanos - System.nanoTime() > 0) {
                                LockSupport.parkNanos(dueNanos - System.nanoTime());
                            }
                            work.round(round);
                        }
                    } catch (IOException | RuntimeException | AssertionError e) {
                        fault.compareAndSet(null, e);
                    }
                },
                "busy-admin");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
