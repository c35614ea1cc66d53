package net.voltlane.systemtest.cuts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Very many cuts on real sockets, at random bytes of both kinds of links, with traffic in both directions: not in the gate.
 * Run by {@code mvn -Pcuts verify -pl system-tests -am}. {@code cuts.count} tells how many, {@code cuts.servers} on how many
 * servers at a time.
 */
@Tag("cuts")
final class ManyCutsTest {
    private static final int CUTS = Integer.getInteger("cuts.count", 100_000);
    private static final int SERVERS = Integer.getInteger("cuts.servers", 12);

    @Test
    void linksAreCutAtAnyByte() {
        Seeds.run(ManyCutsTest::cuts);
    }

    private static void cuts(long seed) throws Exception {
        long begin = System.nanoTime();
        List<RandomCuts> all = new ArrayList<>();
        List<Future<?>> running = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(SERVERS);
        try {
            for (int i = 0; i < SERVERS; i++) {
                CutBackend.Kind[] kinds = CutBackend.Kind.values();
                RandomCuts one = new RandomCuts(kinds[i % kinds.length], seed + i, (CUTS + SERVERS - 1) / SERVERS);
                all.add(one);
                running.add(threads.submit(one));
            }
            for (Future<?> each : running) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        long clientCuts = all.stream().mapToLong(RandomCuts::clientCuts).sum();
        long firehoseCuts = all.stream().mapToLong(RandomCuts::firehoseCuts).sum();
        long up = all.stream().mapToLong(RandomCuts::packets).sum();
        System.out.printf(
                "%d cuts, seed %d: %d of client links 3, %d of firehoses 3; %d packets up, and as many down: lost 0, twice 0;"
                        + " %d s%n",
                clientCuts + firehoseCuts,
                seed,
                clientCuts,
                firehoseCuts,
                up,
                (System.nanoTime() - begin) / 1_000_000_000);
        all.forEach(one -> System.out.println("  " + one));
        assertThat(clientCuts + firehoseCuts).isGreaterThanOrEqualTo(CUTS);
    }
}
