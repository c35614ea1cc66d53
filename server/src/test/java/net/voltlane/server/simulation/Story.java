package net.voltlane.server.simulation;

import java.util.BitSet;
import net.voltlane.server.session.WorldFailure;
import org.jspecify.annotations.Nullable;

/** A world from beginning to end. It is told once and, where it fails, told again in ever fewer steps. */
record Story(long seed, int mostClients, int steps) {
    /** Steps that may be spent on making a story shorter. */
    private static final int MOST_STEPS_RETOLD = 200_000;

    /** The world as told, and how it failed. */
    private record Ending(World world, Throwable failure) {
        long session() {
            return failure instanceof WorldFailure about ? about.session : 0;
        }
    }

    /** Returns the world that it has become. */
    World mustGoWell(String name, Complaints complaints) {
        World world = new World(seed, mostClients, false, complaints);
        Ending first = tell(world, steps, new BitSet());
        if (first == null) {
            return world;
        }
        int failedIn = Math.min(steps, first.world().step() + 1);
        BitSet leftOut = new BitSet();
        int length = tell(failedIn, leftOut, false, complaints) == null ? steps : failedIn;
        leaveOut(length, leftOut, complaints);
        Ending last = tell(length, leftOut, true, complaints);
        if (last == null) {
            throw new AssertionError(name + " failed, but not when repeated", first.failure());
        }
        throw new AssertionError(
                name + ", " + this + ": " + first.failure().getMessage() + "\nIts shortest story, "
                        + (length - leftOut.cardinality()) + " steps:\n"
                        + last.world().trace.about(last.session()) + "\n  then: "
                        + last.failure().getMessage(),
                last.failure());
    }

    /** Leaves out whatever it fails without, larger parts first. */
    private void leaveOut(int length, BitSet leftOut, Complaints complaints) {
        int retellings = Math.max(1, MOST_STEPS_RETOLD / length);
        for (int part = Math.max(1, length / 2); part > 0; part /= 2) {
            for (int from = 0; from < length && retellings-- > 0; from += part) {
                BitSet without = (BitSet) leftOut.clone();
                without.set(from, Math.min(length, from + part));
                if (without.cardinality() > leftOut.cardinality() && tell(length, without, false, complaints) != null) {
                    leftOut.or(without);
                }
            }
        }
    }

    private @Nullable Ending tell(int length, BitSet leftOut, boolean traced, Complaints complaints) {
        return tell(new World(seed, mostClients, traced, complaints), length, leftOut);
    }

    private static @Nullable Ending tell(World world, int length, BitSet leftOut) {
        try {
            world.run(length, leftOut);
            return null;
        } catch (RuntimeException | AssertionError failure) {
            return new Ending(world, failure);
        }
    }
}
