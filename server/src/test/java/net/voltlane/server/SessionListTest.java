package net.voltlane.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import net.voltlane.server.VoltlaneServerTest.Running;
import net.voltlane.server.VoltlaneServerTest.Setup;
import net.voltlane.server.config.TransportKind;
import net.voltlane.server.metrics.Gauge;
import net.voltlane.server.session.SessionPage;
import net.voltlane.server.session.SessionQuery;
import net.voltlane.server.session.SessionQuery.Order;
import net.voltlane.server.session.SessionView;
import net.voltlane.testkit.Crowd;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * {@code mvn -Pfigures verify}: the time to list all sessions of a server, and the longest hold of one of its loops
 * meanwhile. Clients and server share the descriptors of this process, so most sessions are stale.
 */
@Tag("figures")
final class SessionListTest {
    private static final int SESSIONS = Integer.getInteger("figures.sessions", 20_000);
    private static final int LIVE = Math.min(SESSIONS, Integer.getInteger("figures.live", 8_000));
    private static final int ROUNDS = 30;
    /** The first rounds run code that is not compiled yet. */
    private static final int COLD_ROUNDS = 10;

    private static final int PAGE = SessionQuery.MAX_LIMIT;
    private static final int IDLE_MILLIS = 2_000;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long LONGEST_HOLD_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    @Test
    void aListOfAllSessionsHoldsNoLoopForLong() throws Exception {
        try (Running it = Running.start(
                new Setup(TransportKind.AUTO, 0), c -> c.withClients(c.clients().withMaxStaleClients(SESSIONS)))) {
            it.master().echo(true);
            try (Crowd crowd = Crowd.open(it.address(), LIVE, SESSIONS - LIVE)) {
                await().atMost(LIMIT).until(() -> it.server().read(Gauge.SESSIONS_STALE) == SESSIONS - LIVE);
                assertThat(it.server().read(Gauge.SESSIONS_LIVE)).isEqualTo(crowd.live());
                System.out.printf("%d sessions, %d of them live, in pages of %d%n", SESSIONS, LIVE, PAGE);
                LoopWatch watch = new LoopWatch(it.server());
                try {
                    for (Order order : Order.values()) {
                        list(it.server(), order, watch);
                    }
                    watch.take();
                    Thread.sleep(IDLE_MILLIS);
                    System.out.printf(
                            "no list at all: a loop held for %.3f ms%n",
                            watch.take().processorNanos() / 1e6);
                } finally {
                    watch.end();
                }
            }
        }
    }

    private static void list(VoltlaneServer server, Order order, LoopWatch watch) throws Exception {
        List<Long> took = new ArrayList<>();
        List<Long> held = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            watch.take();
            long begun = System.nanoTime();
            listAll(server, order);
            took.add(System.nanoTime() - begun);
            held.add(watch.take().processorNanos());
        }
        System.out.printf(
                "%-13s the first list: %6.1f ms, a loop held for %.3f ms; later: median %6.1f ms, a loop held for %.3f ms"
                        + " (median of lists), %.3f ms (longest of all)%n",
                order,
                took.get(0) / 1e6,
                held.get(0) / 1e6,
                median(took) / 1e6,
                median(held) / 1e6,
                warm(held).max().orElseThrow() / 1e6);
        // Not the longest of all: another program's use of the machine stretches single holds.
        assertThat(median(held)).isLessThanOrEqualTo(LONGEST_HOLD_NANOS);
    }

    private static LongStream warm(List<Long> nanos) {
        return nanos.stream().skip(COLD_ROUNDS).mapToLong(Long::longValue).sorted();
    }

    private static long median(List<Long> nanos) {
        return warm(nanos).skip((ROUNDS - COLD_ROUNDS) / 2).findFirst().orElseThrow();
    }

    private static void listAll(VoltlaneServer server, Order order) throws Exception {
        Set<Long> ids = new HashSet<>();
        SessionQuery query = SessionQuery.page(order, PAGE);
        while (true) {
            SessionPage page = server.sessions(query).toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            for (SessionView session : page.sessions()) {
                assertThat(ids.add(session.id())).isTrue();
            }
            if (page.next().isEmpty()) {
                assertThat(ids).hasSize(SESSIONS);
                return;
            }
            query = query.after(page);
        }
    }
}
