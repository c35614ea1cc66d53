package net.voltlane.browsertest;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.playwright.Browser;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import net.voltlane.backend.VoltlaneBackend;
import net.voltlane.client.VoltlaneClient;
import net.voltlane.examples.chat.ChatPage;
import net.voltlane.examples.chat.ChatServer;
import net.voltlane.testkit.FaultRelay;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.ServerProcess;

/**
 * The whole chat of {@code examples/chat}, with its configuration on other ports: backend, connection server in a
 * process of its own, and page. Browsers reach the server through a relay that cuts.
 */
final class Chat implements AutoCloseable {
    private static final Path HOME = Path.of("..");
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Path folder;
    private final VoltlaneBackend backend;
    private final InetSocketAddress terminals = Ports.loopback(Ports.free());
    private final ChatPage page;
    final FaultRelay relay;
    private ServerProcess server;

    Chat(Path folder) throws IOException {
        this.folder = folder;
        backend = ChatServer.listen("127.0.0.1:0");
        InetSocketAddress browsers = Ports.loopback(Ports.free());
        relay = FaultRelay.to(browsers);
        page = ChatPage.serve(
                HOME, "127.0.0.1:0", "ws://127.0.0.1:" + relay.address().getPort() + "/");
        String origin = page.url().substring(0, page.url().length() - 1);
        Files.writeString(
                folder.resolve("connserver.toml"),
                Files.readString(HOME.resolve("examples/chat/connserver.toml"))
                        .replace("127.0.0.1:42000", "127.0.0.1:" + terminals.getPort())
                        .replace(
                                "127.0.0.1:42001",
                                "127.0.0.1:" + backend.address().getPort())
                        .replace("127.0.0.1:42003", "127.0.0.1:" + browsers.getPort())
                        .replace("http://127.0.0.1:42080", origin));
        server = serve();
    }

    private ServerProcess serve() {
        ServerProcess process = ServerProcess.in(folder).arguments("serve").start();
        return process.awaitPort(terminals, LIMIT);
    }

    /** Ends the server by a signal, and starts it again. */
    void restartServer(String signal) {
        server.signal(signal);
        server.awaitExit(LIMIT);
        server = serve();
    }

    Visit visit(Browser browser, Visit.Look look) {
        // Chromium logs each WebSocket that could not be opened or was cut.
        return new Visit(browser, page.url(), look).expecting("WebSocket connection to");
    }

    /** A page whose user has entered. */
    Visit visitAs(String name, Browser browser, Visit.Look look) {
        Visit visit = visit(browser, look);
        join(visit, name);
        return visit;
    }

    /** A tab that can be frozen, whose user has entered. */
    Tab tabOf(String name, Browser browser) {
        Tab tab = new Tab(browser, page.url());
        tab.awaitValue("document.readyState", "complete");
        tab.evaluate("document.getElementById('name').value = '" + name + "'; "
                + "document.getElementById('join').requestSubmit()");
        tab.awaitValue("document.getElementById('text').disabled", "false");
        return tab;
    }

    static void join(Visit visit, String name) {
        visit.id("name").fill(name);
        visit.press("Enter");
        visit.sees("status", "Connected");
        assertThat(visit.id("text")).isEnabled();
    }

    /** Types a line and sends it. */
    static void say(Visit visit, String text) {
        visit.id("text").fill(text);
        visit.press("Enter");
    }

    /** A user at a terminal. */
    final class Terminal implements AutoCloseable {
        private final VoltlaneClient client;
        /** The lines that others have said, as {@code name: text}. */
        final List<String> heard = new CopyOnWriteArrayList<>();

        Terminal(String name) throws Exception {
            client = VoltlaneClient.builder("127.0.0.1:" + terminals.getPort())
                    .credentials(name.getBytes(UTF_8))
                    .onData((it, packet) -> {
                        String[] event = new String(packet, UTF_8).split("\n", 4);
                        if (event[0].equals("said") && !event[2].equals(name)) {
                            heard.add(event[2] + ": " + event[3]);
                        }
                    })
                    .connect();
        }

        void say(String text) throws Exception {
            client.send(text.getBytes(UTF_8));
        }

        @Override
        public void close() {
            client.close();
        }
    }

    @Override
    public void close() {
        server.close();
        relay.close();
        page.close();
        backend.close();
    }
}
