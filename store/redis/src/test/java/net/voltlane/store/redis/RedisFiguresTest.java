package net.voltlane.store.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import net.voltlane.server.store.Held;
import net.voltlane.server.store.RecordStore;
import net.voltlane.server.store.StoredRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prints what a store in Redis can do on this machine, with Redis beside it. */
@Tag("figures")
class RedisFiguresTest {
    private static final String A = "a".repeat(32);
    private static final String B = "b".repeat(32);
    private static final int SESSIONS = 200_000;
    /** Sessions that a session loop opens in a tick of 10 ms at 20,000 in a second. */
    private static final int BATCH = 200;
    /** Batches under way: ticks that pass until Redis has answered. */
    private static final int WINDOW = 20;
    /** A client of version 3 with credentials of 100 bytes. */
    private static final int SEALED_BYTES = 250;

    private static final long LONG_MILLIS = 3_600_000;

    @TempDir
    Path folder;

    private RedisServer redis;

    @Test
    void opensAndClaims() throws Exception {
        try (RedisServer redis = RedisServer.start(folder);
                RecordStore store =
                        new RedisStoreProvider().open(RedisServer.settings(redis.url(), A, 20_000), new Heard())) {
            await().atMost(RedisServer.LIMIT).until(store::isUp);
            this.redis = redis;
            run("warm-up", batches((from, to) -> store.put(records(from, to))));
            long before = memory(redis);
            redis.ask(commands -> commands.flushall());
            long empty = memory(redis);
            run("opens", batches((from, to) -> store.put(records(from, to))));
            System.out.printf(
                    "%d bytes in Redis for each session of %d sealed bytes%n",
                    (memory(redis) - empty) / SESSIONS, SEALED_BYTES);
            assertThat(before).isGreaterThan(empty);
            run("renewals", batches((from, to) -> store.keep(A, held(from, to))));
            run("finds", single(id -> store.find(id)));
            run("claims", single(id -> store.claim(id, 1, 2, B, LONG_MILLIS)));
            run("ends", batches((from, to) -> store.forget(B, held(from, to))));
        }
    }

    private interface Ask {
        CompletionStage<?> ask(long from, long to);
    }

    private interface AskOne {
        CompletionStage<?> ask(long id);
    }

    private interface Work {
        void run() throws Exception;
    }

    /** Prints the pace, and the time of a processor that each session took, which other work on the machine changes less. */
    private void run(String what, Work work) throws Exception {
        long begin = System.nanoTime();
        long own = ownNanos();
        double redisSeconds = redisSeconds();
        work.run();
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(
                "%-9s %,9d a second; each takes %5.1f µs here and %5.1f µs in Redis%n",
                what,
                Math.round(SESSIONS / seconds),
                (ownNanos() - own) / 1e3 / SESSIONS,
                (redisSeconds() - redisSeconds) * 1e6 / SESSIONS);
    }

    private static long ownNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private double redisSeconds() {
        return redis.ask(commands -> commands.info("cpu"))
                .lines()
                .filter(line -> line.matches("used_cpu_(sys|user):.*"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(':') + 1)))
                .sum();
    }

    private static Work batches(Ask ask) {
        return () -> {
            List<CompletionStage<?>> underWay = new ArrayList<>();
            for (long from = 1; from <= SESSIONS; from += BATCH) {
                underWay.add(ask.ask(from, from + BATCH));
                if (underWay.size() >= WINDOW) {
                    underWay.remove(0).toCompletableFuture().get(60, TimeUnit.SECONDS);
                }
            }
            for (CompletionStage<?> last : underWay) {
                last.toCompletableFuture().get(60, TimeUnit.SECONDS);
            }
        };
    }

    /** Asks one by one, as clients resume. */
    private static Work single(AskOne ask) {
        return batches((from, to) -> {
            CompletionStage<?> last = ask.ask(from);
            for (long id = from + 1; id < to; id++) {
                last = ask.ask(id);
            }
            return last;
        });
    }

    private static List<StoredRecord> records(long from, long to) {
        byte[] sealed = new byte[SEALED_BYTES];
        new Random(from).nextBytes(sealed);
        List<StoredRecord> records = new ArrayList<>();
        for (long id = from; id < to; id++) {
            records.add(new StoredRecord(id, 1, A, sealed, LONG_MILLIS));
        }
        return records;
    }

    private static List<Held> held(long from, long to) {
        List<Held> held = new ArrayList<>();
        for (long id = from; id < to; id++) {
            held.add(new Held(id, 2, LONG_MILLIS));
        }
        return held;
    }

    private static long memory(RedisServer redis) {
        return Memory.used(redis.ask(commands -> commands.info("memory")).getBytes(US_ASCII));
    }
}
