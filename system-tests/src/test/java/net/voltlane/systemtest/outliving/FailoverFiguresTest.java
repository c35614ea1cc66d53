package net.voltlane.systemtest.outliving;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import net.voltlane.backend.BackendOptions;
import net.voltlane.backend.Handler;
import net.voltlane.backend.Session;
import net.voltlane.backend.VoltlaneBackend;
import net.voltlane.client.Protocol;
import net.voltlane.client.VoltlaneClient;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The time from {@code kill -9} of a server until each of its clients is served again at another one: two servers of one
 * Redis, and all clients in this process, over loopback. Each client sends a message right behind the kill, and is served
 * again when its answer has come. Run by {@code mvn -Pfigures verify -pl system-tests -am -Dtest=FailoverFiguresTest};
 * {@code failover.clients} tells how many.
 */
@Tag("figures")
final class FailoverFiguresTest {
    private static final int CLIENTS = Integer.getInteger("failover.clients", 5_000);
    private static final int CONNECTING_THREADS = 16;
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final byte[] BEFORE = {1};
    private static final byte[] AFTER = {2};

    /** A client, and the moment of its answer. */
    private static final class Member {
        final AtomicLong answers = new AtomicLong();
        volatile long servedNanos;
        private final VoltlaneClient client;

        Member(String first, String second) throws Exception {
            client = VoltlaneClient.builder(first)
                    .alternatives(second)
                    .protocol(Protocol.V3)
                    .onData((from, packet) -> answered(packet))
                    .connect();
        }

        private void answered(byte[] packet) {
            if (packet[0] == AFTER[0]) {
                servedNanos = System.nanoTime();
            }
            answers.incrementAndGet();
        }
    }

    @Test
    void timeUntilAllClientsOfAKilledServerAreServedAgain() throws Exception {
        Handler echo = new Handler() {
            @Override
            public void data(Session session, byte[] data) {
                session.send(data);
            }
        };
        try (Scene scene = new Scene();
                Redis redis = new Redis(scene.folder());
                VoltlaneBackend backend =
                        VoltlaneBackend.listen(new InetSocketAddress("127.0.0.1", 0), echo, BackendOptions.DEFAULT)) {
            scene.with("VOLTLANE_STORE_KIND", "redis").with("VOLTLANE_STORE_URL", redis.url());
            scene.master(backend.address());
            scene.servers(2);
            List<Member> members =
                    connect(scene.server(0).address(), scene.server(1).address());
            try {
                tellAll(members, BEFORE);
                await(members, 1);

                scene.server(0).kill();
                long killed = System.nanoTime();
                tellAll(members, AFTER);
                await(members, 2);
                report(members, killed);
                assertThat(members).allMatch(member -> member.answers.get() == 2);
                assertThat(backend.stats().adopted()).isGreaterThanOrEqualTo(CLIENTS);
            } finally {
                members.parallelStream().forEach(member -> member.client.closeAndExport(false));
            }
        }
    }

    private static List<Member> connect(String first, String second) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CONNECTING_THREADS);
        try {
            List<Future<Member>> connecting = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                connecting.add(threads.submit(() -> new Member(first, second)));
            }
            List<Member> members = new ArrayList<>();
            for (Future<Member> each : connecting) {
                members.add(each.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
            }
            return members;
        } finally {
            threads.shutdownNow();
        }
    }

    private static void tellAll(List<Member> members, byte[] what) throws Exception {
        for (Member member : members) {
            member.client.send(what);
        }
    }

    private static void await(List<Member> members, int answers) {
        Awaitility.await()
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> members.stream().allMatch(member -> member.answers.get() >= answers));
    }

    private static void report(List<Member> members, long killedNanos) {
        long[] nanos = members.stream()
                .mapToLong(member -> member.servedNanos - killedNanos)
                .sorted()
                .toArray();
        System.out.println(String.format(
                Locale.ROOT,
                "%,d clients of a server that was killed, served again at another one: p50 %,d ms, p99 %,d ms, last %,d ms",
                nanos.length,
                millis(nanos, 0.5),
                millis(nanos, 0.99),
                millis(nanos, 1)));
        assertThat(Arrays.stream(nanos).min().orElse(0)).isPositive();
    }

    private static long millis(long[] sorted, double share) {
        return TimeUnit.NANOSECONDS.toMillis(sorted[(int) Math.ceil(share * sorted.length) - 1]);
    }
}
