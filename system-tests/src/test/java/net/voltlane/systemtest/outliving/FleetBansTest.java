package net.voltlane.systemtest.outliving;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.ServerProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers that share a Redis keep out the same addresses. */
class FleetBansTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String BAN = "{\"address\":\"192.0.2.7\",\"seconds\":100000}";
    private static final String ENDLESS = "{\"address\":\"2001:db8::/64\",\"seconds\":null}";

    private final CountingBackend backend = new CountingBackend();
    private final String key = Scene.key();
    private Path folder;
    private Redis redis;

    @BeforeEach
    void begin() throws IOException {
        folder = Files.createTempDirectory("voltlane-test");
        redis = new Redis(folder);
    }

    @AfterEach
    void end() {
        if (redis != null) {
            redis.close();
        }
        backend.close();
    }

    @Test
    void aBanHoldsOnAllServersAndOutlivesTheServerAndTheRedis() throws Exception {
        Banning one = new Banning("server-1");
        try (one;
                Banning two = new Banning("server-2")) {
            one.post("/api/v1/bans", BAN);
            two.await("\"192.0.2.7\",\"reason\":\"operator\",\"server\":\"server-1\"");

            redis.kill();
            two.post("/api/v1/bans", ENDLESS); // while the store is away
            redis.start();
            one.await("\"2001:db8::/64\",\"reason\":\"operator\",\"server\":\"server-2\",\"endsInSeconds\":null");
            one.close();

            try (Banning three = new Banning("server-3")) {
                three.await("2001:db8::/64");
                three.await("\"192.0.2.7\",\"reason\":\"operator\",\"server\":\"server-1\"");
                three.post("/api/v1/bans/lift", "{\"address\":\"192.0.2.7\"}");
                two.awaitNo("192.0.2.7");
                assertThat(two.bans()).contains("2001:db8::/64");
            }
        }
    }

    /** A server whose operator gives bans. */
    private final class Banning implements AutoCloseable {
        private final InetSocketAddress admin = Ports.loopback(Ports.free());
        private final Path place;
        private final ServerProcess process;

        Banning(String name) throws IOException {
            place = Files.createDirectories(folder.resolve(name));
            process = ServerProcess.in(place)
                    .arguments("serve", "--listen", "127.0.0.1:" + Ports.free())
                    .env("VOLTLANE_SERVER_NAME", name)
                    .env("VOLTLANE_LISTENER_KEY", key)
                    .env("VOLTLANE_MASTER_PROTOCOL", "3")
                    .env(
                            "VOLTLANE_MASTER_ADDRESS",
                            "127.0.0.1:" + backend.address().getPort())
                    .env("VOLTLANE_STORE_KIND", "redis")
                    .env("VOLTLANE_STORE_URL", redis.url())
                    .env("VOLTLANE_ADMIN_ADDRESS", "127.0.0.1:" + admin.getPort())
                    .start();
            process.awaitPort(admin, LIMIT);
        }

        void post(String path, String body) throws IOException {
            String token = Files.readString(place.resolve("admin.token")).strip();
            HttpResponse<String> answer = send(request(path)
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body)));
            assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
        }

        String bans() {
            return send(request("/api/v1/bans").GET()).body();
        }

        void await(String text) {
            Awaitility.await(text + process.report()).atMost(LIMIT).until(() -> bans().contains(text));
        }

        void awaitNo(String text) {
            Awaitility.await("no " + text + process.report()).atMost(LIMIT).until(() -> !bans().contains(text));
        }

        private HttpRequest.Builder request(String path) {
            return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admin.getPort() + path))
                    .timeout(LIMIT);
        }

        private HttpResponse<String> send(HttpRequest.Builder request) {
            try {
                return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }

        @Override
        public void close() {
            process.close();
        }
    }
}
