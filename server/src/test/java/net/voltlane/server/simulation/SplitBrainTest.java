package net.voltlane.server.simulation;

import java.util.BitSet;
import java.util.Random;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.session.WorldFailure;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Hundreds of small worlds of servers that share a store, on a network that fails between any two of client, server, store
 * and backend. Property {@value #PROPERTY}: how many fresh ones. A failure prints the seed, and the shortest story that
 * still fails.
 */
final class SplitBrainTest {
    private static final String PROPERTY = "voltlane.worlds";
    private static final int FRESH_WORLDS = 200;
    private static final int FIXED_WORLDS = 25;
    private static final int SHORTEST_STEPS = 50;
    private static final int LONGEST_STEPS = 500;
    /** Tries to make a story shorter. */
    private static final int MOST_RETELLINGS = 600;

    private static Complaints complaints;

    @BeforeAll
    static void listen() {
        complaints = new Complaints();
        FakeChannel.forgetDialled();
    }

    @AfterAll
    static void listenNoMore() {
        complaints.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 42, -7})
    void nothingIsLostOnAFixedNetwork(long seed) {
        run(seed, FIXED_WORLDS);
    }

    @Test
    void nothingIsLostOnAFreshNetwork() {
        Seeds.run(seed -> run(seed, Integer.getInteger(PROPERTY, FRESH_WORLDS)));
    }

    /** Short worlds first: where something fails, it most often fails in a story that is soon told. */
    private static void run(long seed, int worlds) {
        Random seeds = new Random(seed);
        int resumes = 0;
        int over = 0;
        int sessions = 0;
        for (int i = 0; i < worlds; i++) {
            int steps = SHORTEST_STEPS + (int) ((long) (LONGEST_STEPS - SHORTEST_STEPS) * i / worlds);
            SplitWorld world = mustGoWell("world " + i + " of seed " + seed, seeds.nextLong(), steps);
            resumes += world.resumes();
            over += world.openlyEnded();
            sessions += world.sessions().size();
        }
        System.out.println("split brain, seed " + seed + ": " + worlds + " worlds, " + sessions + " sessions, "
                + resumes + " resumes, " + over + " openly ended");
    }

    /** A world that was told, and its failure. */
    private record Ending(SplitWorld world, Throwable failure) {
        /** The failure without its numbers: a shorter story has to fail in the same way. */
        String kind() {
            String message = String.valueOf(failure.getMessage());
            return message.lines().findFirst().orElse("").replaceAll("[0-9a-f]*[0-9][0-9a-f]*|[ABC] ", "");
        }

        long session() {
            return failure instanceof WorldFailure about ? about.session : 0;
        }
    }

    private static SplitWorld mustGoWell(String name, long seed, int steps) {
        SplitWorld world = new SplitWorld(seed, false, complaints);
        Ending first = tell(world, steps, new BitSet());
        if (first == null) {
            return world;
        }
        int length = Math.min(steps, first.world.step() + 1);
        if (tell(new SplitWorld(seed, false, complaints), length, new BitSet()) == null) {
            length = steps;
        }
        BitSet leftOut = shortened(seed, length, first.kind());
        Ending last = tell(new SplitWorld(seed, true, complaints), length, leftOut);
        if (last == null) {
            throw new AssertionError(name + " failed, but not when repeated", first.failure);
        }
        throw new AssertionError(
                name + ", " + seed + " of " + steps + " steps: " + first.failure.getMessage() + "\nIts shortest story, "
                        + (length - leftOut.cardinality()) + " steps:\n" + last.world.trace.about(last.session())
                        + "\n  then: " + last.failure.getMessage(),
                last.failure);
    }

    /** Leaves out whatever it fails without, larger parts first. */
    private static BitSet shortened(long seed, int length, String kind) {
        BitSet leftOut = new BitSet();
        int retellings = MOST_RETELLINGS;
        for (int part = Math.max(1, length / 2); part > 0; part /= 2) {
            for (int from = 0; from < length && retellings-- > 0; from += part) {
                BitSet without = (BitSet) leftOut.clone();
                without.set(from, Math.min(length, from + part));
                if (without.cardinality() > leftOut.cardinality()) {
                    Ending ending = tell(new SplitWorld(seed, false, complaints), length, without);
                    if (ending != null && ending.kind().equals(kind)) {
                        leftOut.or(without);
                    }
                }
            }
        }
        return leftOut;
    }

    private static Ending tell(SplitWorld world, int length, BitSet leftOut) {
        try {
            world.run(length, leftOut);
            return null;
        } catch (RuntimeException | AssertionError failure) {
            return new Ending(world, failure);
        }
    }
}
