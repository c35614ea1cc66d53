package net.voltlane.systemtest.outliving;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import net.voltlane.client.Protocol;
import net.voltlane.testkit.ServerProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sessions of a server that keeps them in a file outlive its process, however that ends. */
class OutlivingTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int REFUSED = 78;

    private final Scene scene = new Scene().with("VOLTLANE_STORE_KIND", "file");

    @AfterEach
    void end() {
        scene.close();
    }

    @Test
    void sessionsGoOnAfterAKillAndAfterAnUpgrade() throws Exception {
        scene.servers(1);
        scene.talkers(20, Protocol.V3);
        scene.talkers(3, Protocol.V2);
        scene.awaitServed();
        Set<Long> sessions = scene.sessions();

        scene.server(0).kill();
        long gone = System.nanoTime();
        scene.server(0).start();
        System.out.printf("One server on a file: all served again %d ms after kill -9%n", scene.awaitServedSince(gone));
        scene.settle();
        scene.assertUnnoticed();

        scene.awaitServed();
        assertThat(scene.server(0).stop()).isZero();
        gone = System.nanoTime();
        scene.server(0).start();
        System.out.printf(
                "One server on a file: all served again %d ms after its stop%n", scene.awaitServedSince(gone));
        scene.settle();
        scene.assertUnnoticed();
        assertThat(scene.sessions()).isEqualTo(sessions);
        assertThat(scene.resumes()).isGreaterThanOrEqualTo(2 * sessions.size());
    }

    /** The server that had told of it is dead, and the next one has not met it: the backend ends it by itself. */
    @Test
    void aSessionWhoseClientDoesNotComeBackEndsOnce() throws Exception {
        scene.with("VOLTLANE_CLIENTS_STALE_TIMEOUT_SECS", "2")
                .with("VOLTLANE_CLIENTS_STALE_REAP_INTERVAL_SECS", "1")
                .servers(1);
        Talker vanishes = scene.talker(0, Protocol.V3);
        long session = vanishes.session();
        scene.awaitServed();
        scene.server(0).kill();
        scene.forget(vanishes);
        vanishes.vanish();
        scene.server(0).start();
        scene.server(0).awaitListening();
        assertThat(scene.backend().ends(session)).isEmpty();
        scene.await("its end", () -> scene.backend().sessions() == 0);
        scene.talker(0, Protocol.V3);
        scene.awaitServed();
        scene.assertUnnoticed();
        assertThat(scene.backend().starts(session)).isEqualTo(1);
        assertThat(scene.backend().ends(session)).hasSize(1);
    }

    @Test
    void aSecondProcessOnTheSameFileIsRefusedAndSoIsOneWithAnotherKey() throws Exception {
        scene.servers(1);
        scene.talkers(2, Protocol.V3);
        scene.awaitServed();
        try (ServerProcess second = scene.server(0).startAnother(Map.of())) {
            assertThat(second.awaitExit(LIMIT)).as(second.report()).isEqualTo(REFUSED);
            assertThat(second.errorLines()).anyMatch(line -> line.contains("store.path: "));
        }
        scene.server(0).kill();
        try (ServerProcess other = scene.server(0).startAnother(Map.of("VOLTLANE_LISTENER_KEY", Scene.key()))) {
            assertThat(other.awaitExit(LIMIT)).as(other.report()).isEqualTo(REFUSED);
            assertThat(other.errorLines())
                    .anyMatch(line -> line.contains("store.path: ")
                            && line.contains("(expected: a file of a server with the key SHA256:"));
            assertThat(other.shamefulLines()).isEmpty();
        }
        try (ServerProcess none =
                scene.server(0).startAnother(Map.of("VOLTLANE_LISTENER_KEY", "", "VOLTLANE_LISTENER_KEY_FILE", ""))) {
            assertThat(none.awaitExit(LIMIT)).as(none.report()).isEqualTo(REFUSED);
            assertThat(none.errorLines())
                    .anyMatch(line -> line.contains("listener.key_file: \"\" (expected: a file, or listener.key"));
        }
        scene.server(0).start();
        scene.awaitServed();
        scene.settle();
        scene.assertUnnoticed();
    }
}
