package net.voltlane.systemtest.outliving;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.SplittableRandom;
import net.voltlane.client.Protocol;
import net.voltlane.testkit.FaultRelay;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Three servers on a Redis, and a seeded script that kills, stops and pauses all of them under load, for as long as one
 * likes: not in the gate. Run by {@code mvn -Pchaos verify -pl system-tests -am}. {@code chaos.seconds} tells how long,
 * {@code chaos.seed} repeats a script.
 */
@Tag("chaos")
final class ChaosTest {
    private static final int SECONDS = Integer.getInteger("chaos.seconds", 60);
    private static final int SERVERS = 3;
    private static final int CLIENTS = 40;

    @Test
    void nothingIsLostAndNothingComesTwice() throws Exception {
        long seed = Long.getLong("chaos.seed", Seeds.choose());
        System.out.printf("Chaos for %d s, -Dchaos.seed=%d%n", SECONDS, seed);
        try (Scene scene = new Scene();
                Redis redis = new Redis(scene.folder());
                FaultRelay links = FaultRelay.to(scene.backend().address())) {
            scene.with("VOLTLANE_STORE_KIND", "redis").with("VOLTLANE_STORE_URL", redis.url());
            scene.master(links.address());
            scene.servers(SERVERS);
            scene.talkers(CLIENTS, Protocol.V3);
            scene.awaitServed();
            Set<Long> sessions = scene.sessions();
            Chaos chaos = new Chaos(scene, redis, links, new SplittableRandom(seed));
            chaos.run(SECONDS);
            long servedMillis = scene.awaitServed();
            scene.settle();
            scene.assertUnnoticed();
            assertThat(scene.sessions()).isEqualTo(sessions);
            assertThat(chaos.counts()).isNotEmpty();
            System.out.printf(
                    "Chaos survived, seed %d: %s; %d resumes, %d packets: lost 0, twice 0; all served %d ms after the end%n",
                    seed, chaos.counts(), scene.resumes(), scene.packets(), servedMillis);
        }
    }
}
