package net.voltlane.systemtest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.ServerProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The admin port of a server process: hostile HTTP, and the door itself. Clients are served all the while. */
class AdminHttpTest {
    private static final int LIMIT_MILLIS = 10_000;
    private static final InetSocketAddress ADMIN = Ports.loopback(Ports.free());
    private static final String HOST = "Host: " + Settings.text(ADMIN) + "\r\n";
    private static final String READ = "GET /readyz HTTP/1.1\r\n" + HOST + "\r\n";

    private static World world;
    private static String token;

    @BeforeAll
    static void start() throws IOException {
        world = World.setup().with("admin.address", Settings.text(ADMIN)).start();
        token = Files.readString(world.folder().resolve("admin.token")).strip();
    }

    @AfterAll
    static void stop() {
        assertThat(world.server().errorLines()).noneMatch(line -> line.contains(token));
        world.close();
    }

    private static Socket connect() throws IOException {
        Socket socket = new Socket(ADMIN.getAddress(), ADMIN.getPort());
        socket.setSoTimeout(LIMIT_MILLIS);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    /** Sends bytes; returns everything that comes until the server closes. */
    private static String answersTo(String text) throws IOException {
        try (Socket socket = connect()) {
            send(socket, text);
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    private static void isServed() throws IOException {
        assertThat(answersTo(READ.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")))
                .startsWith("HTTP/1.1 200 ");
        world.settle();
    }

    private static int answersIn(String text) {
        return text.split("HTTP/1\\.1 [1-5]", -1).length - 1;
    }

    /** Each is one request for a strict reader and two for a lenient one; the second would drain the server. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding:\u000bchunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
                "Content-Length: 0\r\nContent-Length: 10\r\n\r\n",
                "Content-Length: 0,10\r\n\r\n",
                "Content-Length: +0\r\n\r\n",
                "X: y\r\n folded\r\n\r\n",
                "X: y\n\r\n",
                "X: y\0\r\n\r\n",
                "\r\n\n",
            })
    void nothingCanBeSmuggled(String end) throws IOException {
        String drain = "POST /api/v1/drain HTTP/1.1\r\n" + HOST + "Authorization: Bearer " + token
                + "\r\nContent-Length: 0\r\n\r\n";
        String text = end.equals("\r\n\n")
                ? "GET /readyz HTTP/1.1\n" + HOST.replace("\r", "") + "\n" + drain
                : "GET /readyz HTTP/1.1\r\n" + HOST + end + drain;

        String answers = answersTo(text);

        assertThat(answers).matches("(?s)HTTP/1\\.1 4[01][01] .*");
        assertThat(answersIn(answers)).isOne();
        isServed();
    }

    @Test
    void headsAndBodiesThatAreTooLongEndTheConnection() throws IOException {
        assertThat(answersTo("GET /" + "a".repeat(20_000))).startsWith("HTTP/1.1 414 ");
        assertThat(answersTo("GET /readyz HTTP/1.1\r\n" + HOST + ("X: " + "a".repeat(1_000) + "\r\n").repeat(30)))
                .startsWith("HTTP/1.1 431 ");
        assertThat(answersTo("POST /api/v1/drain HTTP/1.1\r\n" + HOST + "Content-Length: 1000000000\r\n\r\n" + "a"))
                .startsWith("HTTP/1.1 413 ");
        isServed();
    }

    @Test
    void aNameOfAnAttackersAndAPageFromElsewhereAreRefused() throws IOException {
        assertThat(answersTo("GET /readyz HTTP/1.1\r\nHost: evil.example\r\n\r\n"))
                .startsWith("HTTP/1.1 421 ");
        assertThat(answersTo("GET /readyz HTTP/1.1\r\n" + HOST + "Origin: http://evil.example\r\n\r\n"))
                .startsWith("HTTP/1.1 403 ")
                .doesNotContainIgnoringCase("access-control");
    }

    @Test
    void halfRequestsDoNotKeepOthersWaiting() throws IOException {
        List<Socket> half = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                Socket socket = connect();
                send(socket, READ.substring(0, 10 + i % 20));
                half.add(socket);
            }
            isServed();
        } finally {
            for (Socket socket : half) {
                socket.close();
            }
        }
    }

    @Test
    void aFloodOfPipelinedRequestsIsAnsweredInOrder() throws IOException {
        String last = READ.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
        assertThat(answersIn(answersTo(READ.repeat(999) + last))).isEqualTo(1_000);
        isServed();
    }

    @Test
    void readersThatNeverReadAreForgotten() throws IOException {
        List<Socket> stuck = new ArrayList<>();
        try {
            for (int i = 0; i < 60; i++) {
                Socket socket = connect();
                socket.setReceiveBufferSize(1_024);
                send(socket, "GET /metrics HTTP/1.1\r\n" + HOST + "\r\n" + READ.repeat(200));
                stuck.add(socket);
            }
            isServed();
        } finally {
            for (Socket socket : stuck) {
                socket.close();
            }
        }
    }

    @Test
    void theTokenFileIsForItsOwnerAndStaysOverARestart() throws IOException {
        try (World own = World.setup().with("admin.address", "127.0.0.1:0").start()) {
            Path file = own.folder().resolve("admin.token");
            String made = Files.readString(file);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(own.server().errorLines())
                    .anyMatch(line -> line.contains("Admin: http://127.0.0.1:") && line.contains("(token in "))
                    .noneMatch(line -> line.contains(made.strip()));
            own.restart();
            assertThat(file).hasContent(made);
        }
    }

    @Test
    void healthIsToldBeforeTheMasterIsReached() {
        InetSocketAddress admin = Ports.loopback(Ports.free());
        try (World waiting = World.setup()
                .with("admin.address", Settings.text(admin))
                .withoutMaster()
                .start()) {
            AdminPort port = new AdminPort(admin, waiting.folder().resolve("admin.token"));
            await().atMost(Duration.ofSeconds(20)).ignoreExceptions().untilAsserted(() -> {
                assertThat(port.get("/livez").statusCode()).isEqualTo(200);
                assertThat(port.get("/readyz")).satisfies(answer -> {
                    assertThat(answer.statusCode()).isEqualTo(503);
                    assertThat(answer.body())
                            .isEqualTo("{\"status\":\"not ready\",\"reasons\":[\"clients are not accepted yet\","
                                    + "\"the master is not connected\"]}");
                });
            });
            waiting.master().listenAgain();
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() ->
                            assertThat(port.get("/readyz").body()).isEqualTo("{\"status\":\"ready\",\"reasons\":[]}"));
        }
    }

    @Test
    void aPortThatWasAskedForAndIsTakenEndsTheStart() {
        try (World second = World.setup()
                .with("admin.address", Settings.text(ADMIN))
                .withoutMaster()
                .start()) {
            assertThat(second.server().awaitExit(World.RUN_LIMIT)).isEqualTo(1);
            assertThat(second.server().errorLines())
                    .filteredOn(line -> line.contains("ERROR"))
                    .singleElement()
                    .asString()
                    .contains(
                            "admin.address: " + Settings.text(ADMIN) + " (can't listen there: address already in use");
        }
    }

    @Test
    void aTokenFileThatOthersCanReadEndsTheStartWith78() throws IOException {
        Path folder = World.newFolder();
        try {
            Path file = folder.resolve("token");
            Files.writeString(file, "a-token-of-the-operators-own-0123456789");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
            for (String option : List.of("--check", "")) {
                ServerProcess.Builder command = ServerProcess.in(folder)
                        .env("VOLTLANE_ADMIN_ADDRESS", "127.0.0.1:0")
                        .env("VOLTLANE_ADMIN_TOKEN_FILE", file.toString())
                        .arguments("serve");
                try (ServerProcess server = (option.isEmpty() ? command : command.arguments(option)).start()) {
                    assertThat(server.awaitExit(World.RUN_LIMIT)).isEqualTo(78);
                    assertThat(server.errorLines())
                            .anyMatch(line -> line.contains("admin.token_file: " + file + ": others may read it"));
                }
            }
        } finally {
            World.deleteFolder(folder);
        }
    }
}
