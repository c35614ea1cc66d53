package net.voltlane.browsertest;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.voltlane.backend.Handler;
import net.voltlane.backend.Session;
import net.voltlane.backend.VoltlaneBackend;
import net.voltlane.client.VoltlaneClient;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.ServerProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The page on a real server, with a real backend and clients that send all the time. */
@ExtendWith(Chromium.class)
class RealServerTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Pattern ADDRESS = Pattern.compile("Admin: (http://[0-9.:]+)");
    private static final int CLIENTS = 20;

    private final List<VoltlaneClient> clients = new ArrayList<>();
    private final AtomicBoolean isOver = new AtomicBoolean();

    @Test
    void underLoadWithTheMasterAwayAKickAndADrain(Browser browser, @TempDir Path folder) throws Exception {
        int port = Ports.free();
        String master = "127.0.0.1:" + Ports.free();
        VoltlaneBackend backend = VoltlaneBackend.listen(master, new Echo());
        try (ServerProcess server = serve(folder, port, master)) {
            String url = url(server);
            server.awaitPort(Ports.loopback(port), LIMIT);
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(VoltlaneClient.connect("127.0.0.1:" + port));
            }
            Thread load = new Thread(this::send, "load");
            load.start();
            try (Visit visit = new Visit(browser, url, Visit.Look.DESKTOP)) {
                visit.expecting("ERR_|status of 401");
                showsTheLoad(visit);

                backend.close();
                visit.sees("state", "Not ready");
                assertThat(visit.id("banner")).containsText("master");
                backend = VoltlaneBackend.listen(master, new Echo());
                visit.sees("state", "Ready");

                isOver.set(true);
                load.join();
                kick(visit, Files.readString(folder.resolve("admin.token")).strip());
                visit.expecting("status of 503"); // for a list of sessions that the end of the server cuts off
                drain(visit);
                assertThat(server.awaitExit(LIMIT)).isZero();
                visit.sees("state", "No answer");
            }
            assertThat(server.shamefulLines()).isEmpty();
        } finally {
            isOver.set(true);
            clients.forEach(VoltlaneClient::close);
            backend.close();
        }
    }

    private static void showsTheLoad(Visit visit) {
        visit.sees("state", "Ready");
        visit.sees("now-clients", String.valueOf(CLIENTS));
        visit.sees("now-packets-up", "[1-9][0-9.,k]*");
        visit.sees("now-packets-down", "[1-9][0-9.,k]*");
        visit.sees("now-memory", "[0-9.]+ ([KM]i)?B");
        assertThat(visit.page.locator("#sessions-body tr")).hasCount(CLIENTS);
        assertThat(visit.page.locator("#sessions-body")).containsText("127.0.0.1:");
        assertThat(visit.id("events")).containsText("clients are accepted");
    }

    private static void kick(Visit visit, String token) {
        Locator first = visit.page.locator("[data-session]").first();
        first.click();
        assertThat(visit.dialog()).containsText("From the client");
        String id = visit.id("dialog-title").textContent();
        visit.button("Kick…").click();
        visit.button("Kick").click();
        visit.id("token").fill("not-the-token");
        visit.press("Enter");
        visit.sees("token-wrong", "The server does not accept this token.");
        visit.id("token").fill(token);
        visit.press("Enter");
        assertThat(visit.id("toast")).hasText(id + " was kicked.");
    }

    private static void drain(Visit visit) {
        visit.id("drain").click();
        assertThat(visit.dialog()).containsText("within 1 s");
        visit.button("Drain and stop").click();
        assertThat(visit.id("toast")).containsText("Draining");
    }

    private static ServerProcess serve(Path folder, int port, String master) throws IOException {
        Files.writeString(folder.resolve("connserver.toml"), """
                [general]
                drain_timeout_secs = 1
                [admin]
                address = "127.0.0.1:0"
                """);
        return ServerProcess.in(folder)
                .adminAsConfigured()
                .arguments("serve", "--listen", "127.0.0.1:" + port, "--master", master)
                .start();
    }

    private static String url(ServerProcess server) {
        Matcher address = ADDRESS.matcher(server.awaitErrorLine(line -> line.contains("Admin: http"), LIMIT));
        assertThat(address.find()).isTrue();
        return address.group(1) + "/";
    }

    /** Sends to the server through all clients in turn, until it is over. */
    private void send() {
        byte[] packet = "hello".getBytes(UTF_8);
        try {
            while (!isOver.get()) {
                for (VoltlaneClient client : clients) {
                    client.send(packet);
                    client.receive(Duration.ofMillis(1));
                }
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Echo implements Handler {
        @Override
        public void data(Session session, byte[] data) {
            session.send(data);
        }
    }
}
