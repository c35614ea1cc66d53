package net.voltlane.backend.examples;

import static net.voltlane.testkit.Bytes.text;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.voltlane.backend.BackendOptions;
import net.voltlane.backend.VoltlaneBackend;
import net.voltlane.protocol.firehose3.Attributes;
import net.voltlane.protocol.firehose3.Data;
import net.voltlane.protocol.firehose3.Opened;
import net.voltlane.tcp.unix.UnixSocketFile;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.ScriptedConnectionServer;
import net.voltlane.testkit.ScriptedServer3;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Checks docs/BACKEND.md: its code compiles and does what the page says, and its options are those of the SDK. */
@Timeout(30)
class BackendDocumentTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "BACKEND.md");
    private static final Path EXAMPLES = Path.of("src", "test", "java", "net", "voltlane", "backend", "examples");
    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void everySnippetIsPartOfAnExample() throws IOException {
        List<String> examples;
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            examples = files.map(BackendDocumentTest::plain).collect(Collectors.toList());
        }
        Matcher snippets = SNIPPET.matcher(Files.readString(DOCUMENT));
        int found = 0;
        while (snippets.find()) {
            String snippet = asInAnExample(plain(snippets.group(1)));
            assertThat(examples).as(snippet).anyMatch(example -> example.contains(snippet));
            found++;
        }
        assertThat(found).isEqualTo(6);
    }

    @Test
    void everyOptionIsInTheTable() throws IOException {
        String document = Files.readString(DOCUMENT);
        for (var option : BackendOptions.class.getRecordComponents()) {
            assertThat(document).contains("| `" + option.getName() + "` |");
        }
    }

    @Test
    void theLongestPathOfAUnixSocketIsNamed() throws IOException {
        assertThat(Files.readString(DOCUMENT)).contains("have at most " + UnixSocketFile.MAX_PATH_BYTES + " bytes");
    }

    @Test
    void theEchoEchoesUntilItIsInterrupted() throws Exception {
        int port = Ports.free();
        Thread main = new Thread(() -> {
            try {
                EchoBackend.main(new String[] {"127.0.0.1:" + port});
            } catch (Exception e) {
                // interrupted
            }
        });
        main.start();
        AtomicReference<ScriptedConnectionServer> dialled = new AtomicReference<>();
        await().untilAsserted(() -> dialled.set(ScriptedConnectionServer.dial(Ports.loopback(port))));
        try (ScriptedConnectionServer server = dialled.get()) {
            server.data(7, utf8("hello"));
            assertThat(server.dataFor(7)).isEqualTo(utf8("hello"));
            main.interrupt();
            server.readUntilClosed();
        }
        main.join();
    }

    @Test
    void theRoomTellsEverybodyWhatEverybodySays() throws Exception {
        try (VoltlaneBackend backend = VoltlaneBackend.listen("127.0.0.1:0", new Room());
                ScriptedConnectionServer server = ScriptedConnectionServer.dial(backend.address())) {
            server.data(1, utf8("Ada"));
            assertThat(text(server.dataFor(1))).isEqualTo("Ada is here");
            server.data(2, utf8(" "));
            assertThat(text(server.dataFor(2))).isEqualTo("a name, please");
            server.expectKick(2);
            server.data(1, utf8("hello?"));
            assertThat(text(server.dataFor(1))).isEqualTo("Ada: hello?");
            server.reconnection(1);
            assertThat(text(server.dataFor(1))).isEqualTo("Ada is back");
            server.reconnection(3);
            server.expectKick(3);
            server.data(4, utf8("Bob"));
            server.next();
            server.next();
            server.failure(4, "Client disconnected");
            assertThat(text(server.dataFor(1))).isEqualTo("Bob has left: Client disconnected");
        }
    }

    @Test
    void theRoomKnowsOnAFirehose3WhoHasToldItsName() throws Exception {
        try (VoltlaneBackend backend = VoltlaneBackend.listen("127.0.0.1:0", new Room());
                ScriptedServer3 server = new ScriptedServer3(1)) {
            server.connect(backend.address());
            server.opened(1);
            server.suspended(1);
            server.resumed(1, "192.0.2.1:5");
            server.data(1, utf8("Ada"));
            assertThat(text(server.dataFor(1))).isEqualTo("Ada is here");
            server.resumed(1, "192.0.2.1:6");
            assertThat(text(server.dataFor(1))).isEqualTo("Ada is back");
            server.opened(2, true, 5, 1);
            server.kickOf(2);
            server.opened(3, true, 1, 1);
            server.resumed(3, "192.0.2.1:7");
            server.data(3, utf8("Bob"));
            assertThat(text(server.nextNumbered().message() instanceof Data data ? data.payload() : new byte[0]))
                    .isEqualTo("Bob is here");
        }
    }

    @Test
    void theDoormanLetsInWhoKnowsThePassword() throws Exception {
        try (VoltlaneBackend backend = VoltlaneBackend.listen("127.0.0.1:0", new Doorman("open sesame"));
                ScriptedServer3 server = new ScriptedServer3(1)) {
            server.connect(backend.address());
            Attributes honest =
                    Attributes.EMPTY.with(Attributes.REMOTE, "192.0.2.1:5").with(Attributes.CREDENTIALS, "open sesame");
            server.send(1, new Opened(false, false, false, 1, 1, honest));
            assertThat(text(server.dataFor(1))).isEqualTo("welcome, 192.0.2.1:5");
            server.send(2, new Opened(false, false, false, 1, 1, honest.with(Attributes.CREDENTIALS, "open")));
            assertThat(server.kickOf(2)).isEqualTo("wrong password");
            server.opened(3);
            assertThat(server.kickOf(3)).isEqualTo("wrong password");
            server.send(4, new Opened(true, false, false, 9, 2, honest));
            server.opened(5);
            assertThat(server.kickOf(5)).isEqualTo("wrong password");
        }
    }

    @Test
    void theTickerSendsTheNewestToOneThatDoesNotKeepUp() throws Exception {
        Ticker ticker = new Ticker();
        BackendOptions options = BackendOptions.DEFAULT.withSendBufferBytes(1000);
        try (VoltlaneBackend backend = VoltlaneBackend.listen(Ports.loopback(0), ticker, options);
                ScriptedConnectionServer server = ScriptedConnectionServer.dial(backend.address(), 8192)) {
            server.data(1, utf8("subscribe"));
            ticker.publish(utf8("quote"));
            byte[] large = new byte[1_000_000];
            for (int quote = 0; quote < 100; quote++) {
                large[0] = (byte) quote;
                ticker.publish(large.clone());
            }
            int received = 1;
            byte[] data = server.next().data();
            while (data.length < 10 || data[0] != 99) {
                data = server.next().data();
                received++;
            }
            assertThat(received).isBetween(10, 60);
        }
    }

    @Test
    void theTunedOneListensAndCounts() throws Exception {
        try (VoltlaneBackend backend = Tuned.listen("127.0.0.1:0", new Room());
                ScriptedConnectionServer server = ScriptedConnectionServer.dial(backend.address())) {
            server.data(1, utf8("Ada"));
            server.next();
            assertThat(Tuned.summary(backend)).startsWith("1 sessions, 0 of them away; ");
        }
    }

    private static String plain(Path file) {
        try {
            return plain(Files.readString(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Replaces the address of an example. The imports of blocks that are a part of a method are checked by another
     * test, which compiles all blocks.
     */
    private static String asInAnExample(String snippet) {
        String code = snippet.replace("listen(\"127.0.0.1:42001\", ", "listen(address, ");
        return code.contains("class ") ? code : code.replaceAll("import .*\n", "");
    }

    /** Returns code without indentation and empty lines. */
    private static String plain(String code) {
        return code.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
