package net.voltlane.server.simulation;

import java.util.Random;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole server in thousands of small worlds. Property {@value #PROPERTY}: how many fresh ones. A failure prints the
 * seed, and the shortest story that still fails.
 */
final class SimulationTest {
    private static final String PROPERTY = "voltlane.worlds";
    private static final String CUTS_PROPERTY = "simulation.cuts";
    private static final int MANY_CUTS = 1_000_000;
    private static final int FRESH_WORLDS = 1_000;
    private static final int FIXED_WORLDS = 100;
    private static final int SHORTEST_STEPS = 100;
    private static final int LONGEST_STEPS = 800;
    private static final int MANY_CLIENTS = 2_000;

    private static Complaints complaints;

    @BeforeAll
    static void listen() {
        complaints = new Complaints();
        FakeChannel.forgetDialled(); // what tests before this one dialled and nobody asked for
    }

    @AfterAll
    static void listenNoMore() {
        complaints.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 42, -7, Long.MIN_VALUE})
    void everyWorldOfAFixedSeedGoesByTheBook(long seed) {
        run(seed, FIXED_WORLDS);
    }

    @Test
    void everyFreshWorldGoesByTheBook() {
        Seeds.run(seed -> run(seed, Integer.getInteger(PROPERTY, FRESH_WORLDS)));
    }

    @Test
    void aWorldOfThousandsOfClientsGoesByTheBook() {
        Seeds.run(seed -> new Story(seed, MANY_CLIENTS, 20_000).mustGoWell("the large world", complaints));
    }

    /** Not in the gate: {@code mvn -Pcuts verify -pl server -am}. Property {@value #CUTS_PROPERTY}: how many. */
    @Tag("cuts")
    @Test
    void nothingIsLostOverAMillionCuts() {
        int most = Integer.getInteger(CUTS_PROPERTY, MANY_CUTS);
        Seeds.run(seed -> {
            Random seeds = new Random(seed);
            Tally tally = new Tally();
            while (tally.cuts < most) {
                Story story = new Story(seeds.nextLong(), 1 + seeds.nextInt(40), LONGEST_STEPS);
                tally.add(story.mustGoWell("world " + tally.worlds + " of the cuts of seed " + seed, complaints));
            }
            System.out.println("simulation, seed " + seed + ": " + tally);
        });
    }

    private static final class Tally {
        private int worlds;
        private long cuts;
        private long up;
        private long down;

        void add(World world) {
            worlds++;
            cuts += world.cuts();
            for (Session3 session : world.book.thirds.all()) {
                up += session.reached();
                down += session.client.received();
            }
        }

        @Override
        public String toString() {
            return worlds + " worlds, " + cuts + " links of version 3 cut, " + up + " packets up and " + down
                    + " down: lost 0, twice 0";
        }
    }

    /** Short worlds first: where something fails, it most often fails in a story that is soon told. */
    private static void run(long seed, int worlds) {
        Random seeds = new Random(seed);
        for (int i = 0; i < worlds; i++) {
            int steps = SHORTEST_STEPS + (int) ((long) (LONGEST_STEPS - SHORTEST_STEPS) * i / worlds);
            int mostClients = 1 + seeds.nextInt(40);
            new Story(seeds.nextLong(), mostClients, steps).mustGoWell("world " + i + " of seed " + seed, complaints);
        }
    }
}
