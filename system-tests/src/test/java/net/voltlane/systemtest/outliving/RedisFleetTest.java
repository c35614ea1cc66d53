package net.voltlane.systemtest.outliving;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import net.voltlane.client.Protocol;
import net.voltlane.testkit.ServerProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers that share a Redis: what one can't go on with, another one does. */
class RedisFleetTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int REFUSED = 78;
    private static final int CLIENTS = 30;

    private Scene scene;
    private Redis redis;

    @BeforeEach
    void begin() {
        scene = new Scene();
        redis = new Redis(scene.folder());
        scene.with("VOLTLANE_STORE_KIND", "redis").with("VOLTLANE_STORE_URL", redis.url());
    }

    @AfterEach
    void end() {
        if (redis != null) {
            redis.close();
        }
        scene.close();
    }

    @Test
    void clientsOfAKilledServerGoOnAtAnother() throws Exception {
        scene.servers(2);
        scene.talkers(CLIENTS, Protocol.V3);
        scene.talkers(4, Protocol.V2);
        scene.awaitServed();
        Set<Long> sessions = scene.sessions();

        scene.server(0).kill();
        long killed = System.nanoTime();
        System.out.printf(
                "Two servers on Redis: all served again %d ms after kill -9%n", scene.awaitServedSince(killed));
        scene.settle();
        scene.assertUnnoticed();
        assertThat(scene.sessions()).isEqualTo(sessions);
        assertThat(scene.resumes()).isGreaterThanOrEqualTo(sessions.size() / 2);
    }

    @Test
    void allServersAreReplacedOneAfterTheOtherUnderLoad() throws Exception {
        scene.servers(3);
        scene.talkers(CLIENTS, Protocol.V3);
        scene.awaitServed();
        Set<Long> sessions = scene.sessions();

        long begin = System.nanoTime();
        for (Server server : scene.servers()) {
            assertThat(server.stop()).isZero();
            server.start();
            server.awaitListening();
            scene.awaitServed();
        }
        System.out.printf(
                "Three servers on Redis: all replaced, and all served, within %d ms%n", scene.awaitServedSince(begin));
        scene.settle();
        scene.assertUnnoticed();
        assertThat(scene.sessions()).isEqualTo(sessions);
        assertThat(scene.resumes()).isGreaterThanOrEqualTo(sessions.size());
    }

    @Test
    void anEmptyRedisIsFilledAgainAndSessionsSurviveTheNextKill() throws Exception {
        scene.servers(2);
        scene.talkers(CLIENTS, Protocol.V3);
        scene.awaitServed();
        Set<Long> sessions = scene.sessions();

        redis.kill();
        scene.awaitServed();
        redis.start();
        scene.await("the records are there again", () -> redis.records() == sessions.size());
        scene.awaitServed();
        assertThat(scene.resumes()).as("nobody has noticed").isZero();

        scene.server(1).kill();
        long killed = System.nanoTime();
        System.out.printf(
                "Two servers on a Redis that was empty: all served again %d ms after kill -9%n",
                scene.awaitServedSince(killed));
        scene.settle();
        scene.assertUnnoticed();
        assertThat(scene.sessions()).isEqualTo(sessions);
    }

    /** It waits for the answer of the store: on a slow machine longer than servers do by default. */
    @Test
    void aServerWithAnotherKeyThanTheFleetRefusesToStart() {
        scene.with("VOLTLANE_STORE_TIMEOUT_MS", "30000").servers(1);
        try (ServerProcess other = scene.server(0).startAnother(Map.of("VOLTLANE_LISTENER_KEY", Scene.key()))) {
            assertThat(other.awaitExit(LIMIT)).as(other.report()).isEqualTo(REFUSED);
            assertThat(other.errorLines())
                    .anyMatch(line -> line.contains("listener.key") && line.contains("the key of the other servers"));
        }
    }
}
