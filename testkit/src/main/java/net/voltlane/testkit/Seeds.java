package net.voltlane.testkit;

import java.util.concurrent.ThreadLocalRandom;

/** Seeds for random tests: a fresh one for each run, told when the run fails, and given back by a property. */
public final class Seeds {
    /** The system property that fixes the seed: {@value}. */
    public static final String PROPERTY = "voltlane.seed";

    private Seeds() {}

    /** A random test: gets the seed of this run. */
    @FunctionalInterface
    public interface SeededTest {
        /** Runs with everything random derived from {@code seed}. */
        void run(long seed) throws Exception;
    }

    /** The seed of {@value #PROPERTY} where that is set, else a fresh one. */
    public static long choose() {
        Long fixed = Long.getLong(PROPERTY);
        return fixed != null ? fixed : ThreadLocalRandom.current().nextLong();
    }

    /**
     * Runs a random test with {@link #choose()}.
     *
     * @throws AssertionError when the test fails in any way: names the seed and how to repeat the run
     */
    public static void run(SeededTest test) {
        long seed = choose();
        try {
            test.run(seed);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure(seed, e);
        } catch (Exception | AssertionError e) {
            throw failure(seed, e);
        }
    }

    private static AssertionError failure(long seed, Throwable cause) {
        return new AssertionError(
                "failed with seed " + seed + " (repeat with -D" + PROPERTY + "=" + seed + "): " + cause.getMessage(),
                cause);
    }
}
