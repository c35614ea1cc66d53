package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.Direction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checks {@code docs/CLIENT.md} against the code: its code blocks are those of {@link Snippets}, and they do what the
 * page says.
 */
@Timeout(120)
@ExtendWith(ThreadsLeft.class)
final class ClientDocumentTest {

    private static final Pattern FENCE = Pattern.compile("```java\n(.*?)\n```", Pattern.DOTALL);
    private static final Pattern REGION = Pattern.compile("// \\[[a-z ]+]\n(.*?)\n *// \\[end]", Pattern.DOTALL);

    private static final Pattern MAIN =
            Pattern.compile("public class .*? server = \"[^\"]*\";\n(.*)    }\n}", Pattern.DOTALL);

    private final BlockingQueue<String> screen = new LinkedBlockingQueue<>();
    private final Snippets snippets = new Snippets(screen::add);

    private static List<String> find(Pattern pattern, Path file) throws IOException {
        List<String> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(Files.readString(file));
        while (matcher.find()) {
            found.add(matcher.group(1).stripIndent());
        }
        return found;
    }

    private static String document() throws IOException {
        return Files.readString(Path.of("../docs/CLIENT.md"));
    }

    private void assertShown(String line) throws InterruptedException {
        assertThat(screen.poll(20, TimeUnit.SECONDS)).isEqualTo(line);
    }

    @Test
    void itsSnippetsAreTheOnesThatAreRun() throws Exception {
        List<String> inDocument = find(FENCE, Path.of("../docs/CLIENT.md")).stream()
                .map(ClientDocumentTest::asInSnippets)
                .toList();
        List<String> inCode = find(REGION, Path.of("src/test/java/net/voltlane/client/Snippets.java"));
        assertThat(inDocument).isNotEmpty().hasSameSizeAs(inCode);
        for (String snippet : inDocument) {
            assertThat(inCode).as(snippet).anyMatch(snippet::equals);
        }
    }

    /** Returns a block without imports, which another test compiles; of a whole program, only the body of main. */
    private static String asInSnippets(String block) {
        String code = block.replaceAll("(?m)^import .*\\n", "")
                .replace("System.out.println(", "show(")
                .strip();
        Matcher main = MAIN.matcher(code);
        return main.matches() ? main.group(1).stripTrailing().stripIndent() : code;
    }

    @Test
    void everyFateIsInItsTable() throws Exception {
        for (PacketFate fate : PacketFate.values()) {
            assertThat(document()).contains("| `" + fate + "` |");
        }
    }

    @Test
    void everyReasonIsInItsTable() throws Exception {
        String document = document();
        for (CloseReason reason : CloseReason.values()) {
            assertThat(document)
                    .containsPattern(
                            "\\| `" + reason + "` \\| `\\w+` \\| " + (reason.retryable() ? "yes" : "no") + " \\|");
        }
        for (SendPolicy policy : SendPolicy.values()) {
            assertThat(document).contains("`" + policy + "`");
        }
    }

    @Test
    void tenLines() throws Exception {
        try (OwnServer server = OwnServer.start()) {
            server.master().echo(true);
            snippets.tenLines(server.address());
            assertShown("hello");
        }
    }

    @Test
    void severalServers() throws Exception {
        try (OwnServer server = OwnServer.start();
                VoltlaneClient client = snippets.severalServers(server.address())) {
            assertThat(client.sessionId()).isNotZero();
        }
    }

    @Test
    void overTls(@TempDir Path folder) throws Exception {
        try (OwnServer server = OwnServer.start();
                Gateway gateway = Gateway.to(server.relay().address().getPort(), Scheme.TLS);
                VoltlaneClient client =
                        snippets.overTls("tls://127.0.0.1:" + gateway.port(), Gateway.AUTHORITY.write(folder, "ca"))) {
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void listening() throws Exception {
        try (OwnServer server = OwnServer.start();
                VoltlaneClient client = snippets.listening(server.address())) {
            server.master().echo(true);
            client.send(Bytes.utf8("hi"));
            assertShown("hi");
            server.relay().cut();
            assertShown("connection lost, one moment please");
            assertShown("back again");
        }
        assertShown("it is over: CLOSED");
    }

    @Test
    void aKickIsReportedAsOne() throws Exception {
        try (OwnServer server = OwnServer.start();
                VoltlaneClient client = snippets.listening(server.address())) {
            server.master().echo(true);
            client.send(Bytes.utf8("hi"));
            assertShown("hi");
            server.master().kick(client.sessionId());
            assertShown("it is over: KICKED");
        }
    }

    @Test
    void aNewSession() throws Exception {
        try (OwnServer server = OwnServer.start(clients -> clients.withUnacknowledgedCapacity(1));
                VoltlaneClient client = snippets.newSession(server.address())) {
            long id = client.sessionId();
            assertThat(server.master().dataOf(id)).isEqualTo(Bytes.utf8("my name is Ada"));
            server.master().send(id, Bytes.utf8("welcome"));
            assertShown("welcome");
            // More than the server may keep for the client ends the session. The client's acknowledgements are held
            // back, because with them it might keep up with any number of packets.
            server.relay().stall(Direction.OUT);
            for (int i = 0; i < 3; i++) {
                server.master().send(id, Bytes.utf8("more"));
            }
            await().atMost(20, TimeUnit.SECONDS).until(() -> "we have to start over".equals(screen.poll()));
            server.relay().unstall(Direction.OUT);
            await().atMost(20, TimeUnit.SECONDS).until(() -> client.sessionId() != id);
            assertThat(server.master().dataOf(client.sessionId())).isEqualTo(Bytes.utf8("my name is Ada"));
        }
    }

    @Test
    void errors() throws Exception {
        try (OwnServer server = OwnServer.start()) {
            server.master().echo(true);
            byte[] right;
            try (VoltlaneClient client = server.client().connect()) {
                right = client.exportState().serverKey();
            }
            byte[] wrong = right.clone();
            wrong[0] ^= 1; // the same point, mirrored
            snippets.errors(server.address(), right);
            assertShown("hello");
            snippets.errors(server.address(), wrong);
            assertShown("not the server that we know: ask somebody before you go on");
            String address = server.address();
            server.relay().close();
            snippets.errors(address, right);
            assertShown("try again later");
        }
    }

    @Test
    void acknowledged() throws Exception {
        try (OwnServer server = OwnServer.start();
                VoltlaneClient client = snippets.version(server.address())) {
            snippets.acknowledged(client);
            assertShown("the backend has it");
        }
    }

    @Test
    void credentials() throws Exception {
        try (OwnServer server = OwnServer.start();
                VoltlaneClient client = snippets.credentials(server.address())) {
            assertThat(client.protocol()).isEqualTo(Protocol.V3);
        }
    }

    @Test
    void settings() throws Exception {
        try (OwnServer server = OwnServer.start();
                VoltlaneClient client = snippets.settings(server.address())) {
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void savingAndLoading(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("session");
        try (OwnServer server = OwnServer.start()) {
            long id;
            try (VoltlaneClient client = snippets.load(server.address(), file)) {
                id = client.sessionId();
                snippets.save(client, file);
            }
            try (VoltlaneClient client = snippets.load(server.address(), file)) {
                assertThat(client.sessionId()).isEqualTo(id);
            }
        }
    }
}
