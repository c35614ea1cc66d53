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
 * Thousands of small worlds in which everything that can happen to sessions happens at random, compared step by step
 * with a model of section 5. Property {@value #PROPERTY} sets the number of fresh worlds. A failure prints the seed and
 * the story of the failed world.
 */
@ExtendWith(LeakCheck.class)
final class SessionWorldsTest {
    private static final String PROPERTY = "voltlane.worlds";
    private static final int FRESH_WORLDS = 10_000;
    private static final int FIXED_WORLDS = 300;
    private static final int SHORTEST_STEPS = 30;
    private static final int LONGEST_STEPS = 600;

    private static Logged log;

    @BeforeAll
    static void keepQuiet() {
        log = new Logged(EvictionLog.class, Level.OFF);
    }

    @AfterAll
    static void listenAgain() {
        log.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 42, -7, 20_011, Long.MIN_VALUE})
    void everyWorldOfAFixedSeedGoesByTheBook(long seed) {
        run(seed, FIXED_WORLDS);
    }

    @Test
    void everyFreshWorldGoesByTheBook() {
        Seeds.run(seed -> run(seed, Integer.getInteger(PROPERTY, FRESH_WORLDS)));
    }

    /** Runs short worlds first, as a failure in a short story is easier to understand. */
    private static void run(long seed, int worlds) {
        Random seeds = new Random(seed);
        for (int i = 0; i < worlds; i++) {
            long worldSeed = seeds.nextLong();
            int maxSteps = SHORTEST_STEPS + (int) ((long) (LONGEST_STEPS - SHORTEST_STEPS) * i / worlds);
            try {
                new World(worldSeed, maxSteps, false).run();
            } catch (RuntimeException | AssertionError first) {
                tell(seed, i, worldSeed, maxSteps, first);
            }
        }
    }

    /** Runs the failed world again, and writes down what happens. */
    private static void tell(long seed, int number, long worldSeed, int maxSteps, Throwable first) {
        World world = new World(worldSeed, maxSteps, true);
        try {
            world.run();
        } catch (RuntimeException | AssertionError again) {
            long session = again instanceof WorldFailure failure ? failure.session : 0;
            throw new AssertionError(
                    "world " + number + " of seed " + seed + ":\n" + world.trace.about(session) + "\n  then session "
                            + session + ": " + again.getMessage(),
                    again);
        }
        throw new AssertionError("world " + number + " of seed " + seed + " failed, but not when repeated", first);
    }
}
