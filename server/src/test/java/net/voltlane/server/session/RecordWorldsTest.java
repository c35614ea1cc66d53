package net.voltlane.server.session;

import ch.qos.logback.classic.Level;
import java.util.Random;
import net.voltlane.server.link.Logged;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many small worlds in which everything that can happen between sessions and their records happens at random. Property
 * {@value #PROPERTY} sets the number of fresh worlds. A failure prints the seed and the story of the failed world.
 */
@ExtendWith(LeakCheck.class)
final class RecordWorldsTest {
    private static final String PROPERTY = "voltlane.record.worlds";
    private static final int FRESH_WORLDS = 300;
    private static final int FIXED_WORLDS = 50;
    private static final int SHORTEST_STEPS = 30;
    private static final int LONGEST_STEPS = 500;

    private static Logged log;

    @BeforeAll
    static void keepQuiet() {
        log = new Logged(Sessions.class, Level.OFF);
    }

    @AfterAll
    static void listenAgain() {
        log.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 42, -7, 20_011, Long.MIN_VALUE})
    void everyWorldOfAFixedSeedHeals(long seed) {
        run(seed, FIXED_WORLDS);
    }

    @Test
    void everyFreshWorldHeals() {
        Seeds.run(seed -> run(seed, Integer.getInteger(PROPERTY, FRESH_WORLDS)));
    }

    private static void run(long seed, int worlds) {
        Random seeds = new Random(seed);
        for (int i = 0; i < worlds; i++) {
            long worldSeed = seeds.nextLong();
            int maxSteps = SHORTEST_STEPS + (LONGEST_STEPS - SHORTEST_STEPS) * i / worlds;
            try {
                new RecordWorld(worldSeed, maxSteps).run();
            } catch (AssertionError failed) {
                throw new AssertionError("world " + i + " of seed " + seed + ", " + failed.getMessage(), failed);
            }
        }
    }
}
