package net.voltlane.server.simulation;

import java.util.Random;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole server in thousands of small worlds. Property {@value #PROPERTY}: how many fresh ones. A failure prints the
 * seed, and the shortest story that still fails.
 */
final class SimulationTest {
    private static final String PROPERTY = "voltlane.worlds";
    private static final int FRESH_WORLDS = 1_500;
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
