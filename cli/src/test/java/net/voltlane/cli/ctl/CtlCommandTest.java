package net.voltlane.cli.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.voltlane.testkit.Ports;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code voltlane ctl} with a server that says what the test wants. */
class CtlCommandTest {
    private static final String SESSION = """
            {"id":"9007199254740991","state":"live","address":"255.255.255.255","port":65535,"transport":"wss","protocol":2,
             "ageSeconds":86340,"lostForSeconds":null,"slow":true,"blocking":false,"resumes":2,
             "queue":{"packets":7,"bytes":1047000,"maxPackets":1000,"maxBytes":1048576},
             "missed":{"packets":0,"bytes":0,"maxPackets":0,"maxBytes":0},
             "silentForSeconds":1.2,"packetsUp":1000,"bytesUp":1000000,"packetsDown":2000,"bytesDown":900000}""";

    @TempDir
    Path directory;

    private final FakeAdmin admin = new FakeAdmin();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @AfterEach
    void stop() {
        admin.close();
    }

    @Test
    void theStatusFitsOnOneScreen() {
        admin.on("GET /api/v1/status", 200, FakeAdmin.STATUS);

        assertThat(run("status")).isZero();

        assertThat(out.toString().lines())
                .containsExactly(
                        "Voltlane 0.1.0 on Java 17.0.13, process 4711",
                        "State        listening, ready",
                        "Up           3 min, since 2026-01-31T23:59:59Z",
                        "Clients      127.0.0.1:42000",
                        "Key          SHA256:D3Fbr11MLtMpeFzvKeVi9zSIyKK7nbxXALNh1UubBVQ",
                        "Master       127.0.0.1:42001, firehose 3, connected; losses 1, failed dials 2",
                        "Queue        3 of 1,024 packets, 1.5 KiB of 8.0 MiB wait for the master",
                        "Sessions     1,812 live, 3 slow, 12 of 1,000 stale",
                        "Connections  1,815 of 2,000 open, 0 in their handshake",
                        "Memory       12 MiB of 64 MiB held for peers, 3.0 MiB of it kept for clients; heap 40 MiB of 256 MiB",
                        "Loop lag     4 ms");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void theStatusTellsWhatIsWrong() {
        admin.on(
                "GET /api/v1/status",
                200,
                FakeAdmin.STATUS
                        .replace(
                                "\"ready\":true,\"reasons\":[]",
                                "\"ready\":false,\"reasons\":[\"draining\",\"x\\u001b\"]")
                        .replace("\"connected\":true", "\"connected\":false")
                        .replace("\"drain\":null", "\"drain\":{\"endsInSeconds\":3.2,\"sessionsLeft\":1200}"));

        run("status");

        assertThat(out.toString())
                .contains("State        listening, not ready: draining; x\\u001b; ends in 3.2 s, 1,200 sessions left")
                .contains("127.0.0.1:42001, firehose 3, NOT CONNECTED");
    }

    @Test
    void jsonIsTheServersOwnDocument() {
        admin.on("GET /api/v1/status", 200, "{\"a\": [1.0, 12345678901234567890],\n \"b\": null}\n");

        assertThat(run("status", "--json")).isZero();

        assertThat(out.toString()).isEqualToIgnoringNewLines("{\"a\": [1.0, 12345678901234567890],\n \"b\": null}");
    }

    @Test
    void aListOfSessionsFitsEightyColumns() {
        admin.on(
                "GET /api/v1/sessions?limit=1&state=live&address=2001%3Adb8%3A%3A%2F32&slow=true&sort=-traffic",
                200, "{\"sessions\":[" + SESSION + "],\"next\":\"c u\"}");

        assertThat(run(
                        "sessions",
                        "--state",
                        "LIVE",
                        "--client",
                        "2001:db8::/32",
                        "--slow",
                        "--sort",
                        "traffic",
                        "--limit",
                        "1"))
                .isZero();

        assertThat(out.toString().lines())
                .containsExactly(
                        "ID                STATE          AGE   WAITING  TRAFFIC  CLIENT",
                        "9007199254740991  slow   23 h 59 min  1022 KiB  1.8 MiB  255.255.255.255:65535",
                        "There are more: list them with --limit N or --all.")
                .allMatch(line -> line.length() <= 80);
    }

    @Test
    void allPagesAreTurned() {
        admin.on("GET /api/v1/sessions?limit=256", 200, "{\"sessions\":[" + SESSION + "],\"next\":\"c=/1\"}")
                .on(
                        "GET /api/v1/sessions?limit=256&cursor=c%3D%2F1",
                        200, "{\"sessions\":[{\"id\":\"43\"}],\"next\":null}");

        assertThat(run("sessions", "--all", "--json")).isZero();

        assertThat(out.toString())
                .startsWith("{\"sessions\":[{\"id\":\"9007199254740991\"")
                .endsWith("{\"id\":\"43\"}],\"next\":null}\n");
    }

    @Test
    void aLimitIsKeptOverPages() {
        admin.on("GET /api/v1/sessions?limit=256", 200, page(256))
                .on("GET /api/v1/sessions?limit=44&cursor=n", 200, page(44));

        assertThat(run("sessions", "--limit", "300")).isZero();

        assertThat(out.toString().lines().count()).isEqualTo(302);
    }

    @Test
    void anAddressHasAPortWhileItsClientIsConnected() {
        admin.on(
                "GET /api/v1/sessions?limit=50",
                200,
                "{\"sessions\":[{\"address\":\"192.0.2.7\",\"port\":null},{\"address\":\"2001:db8::1\",\"port\":5}]}");

        run("sessions");

        assertThat(out.toString().lines().map(line -> line.substring(line.lastIndexOf(' ') + 1)))
                .containsExactly("CLIENT", "192.0.2.7", "[2001:db8::1]:5");
    }

    @Test
    void noSessionsAreSaidToBeNone() {
        admin.on("GET /api/v1/sessions?limit=50", 200, "{\"sessions\":[],\"next\":null}");

        run("sessions");

        assertThat(out.toString()).isEqualToIgnoringNewLines("No sessions.");
    }

    @Test
    void oneSessionIsShownWhole() {
        admin.on("GET /api/v1/sessions/42", 200, SESSION);

        assertThat(run("session", "42")).isZero();

        assertThat(out.toString().lines())
                .containsExactly(
                        "Session      9007199254740991",
                        "State        live, slow to read",
                        "Client       255.255.255.255:65535 via wss, protocol 2",
                        "Age          23 h 59 min, resumed 2 times",
                        "Queue        7 of 1,000 packets, 1022 KiB of 1.0 MiB",
                        "Missed       0 of 0 packets, 0 B of 0 B",
                        "Silent       for 1.2 s",
                        "Up           1,000 packets, 977 KiB",
                        "Down         2,000 packets, 879 KiB");
    }

    @Test
    void aChangeIsPostedWithTheToken() throws IOException {
        admin.on("POST /api/v1/sessions/42/kick", 200, "{\"id\":\"42\",\"kicked\":true}");
        Files.writeString(directory.resolve("admin.token"), "secret\n");

        assertThat(run("kick", "42")).isZero();

        assertThat(out.toString()).isEqualToIgnoringNewLines("Session 42 was ended.");
        assertThat(admin.requests())
                .containsExactly(new FakeAdmin.Request("POST /api/v1/sessions/42/kick", "Bearer secret", ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "ban 192.0.2.7 --seconds 600|POST /api/v1/bans|{\"address\":\"192.0.2.7\",\"seconds\":600}",
                "ban 2001:db8::/64|POST /api/v1/bans|{\"address\":\"2001:db8::/64\",\"seconds\":null}",
                "unban 192.0.2.7|POST /api/v1/bans/lift|{\"address\":\"192.0.2.7\"}",
                "log-level debug|POST /api/v1/log-level|{\"level\":\"Debug\"}",
            })
    void aChangeSaysWhat(String line, String request, String body) {
        admin.on(request, 200, "{\"address\":\"192.0.2.7\",\"level\":\"Debug\",\"endsInSeconds\":600}");

        assertThat(run(line.split(" "))).isZero();

        assertThat(admin.requests())
                .singleElement()
                .satisfies(sent -> assertThat(sent.body()).isEqualTo(body));
        assertThat(out.toString())
                .containsAnyOf("192.0.2.7 is banned for 10 min.", "not banned any more", "has level Debug");
    }

    @Test
    void bansAndLimitsAreTables() {
        admin.on(
                        "GET /api/v1/bans?limit=256",
                        200,
                        "{\"bans\":[{\"address\":\"192.0.2.7\",\"reason\":\"operator\",\"server\":null,\"endsInSeconds\":null},"
                                + "{\"address\":\"2001:db8::/64\",\"reason\":\"wrong proofs\",\"server\":\"server-2\",\"endsInSeconds\":12.5}],\"next\":null}")
                .on(
                        "GET /api/v1/limits",
                        200,
                        "{\"limits\":[{\"key\":\"limits.max_clients\",\"limit\":1000,\"used\":12,\"refused\":3},"
                                + "{\"key\":\"limits.bytes\",\"limit\":1048576,\"used\":1536,\"refused\":0},{\"key\":\"limits.x\",\"limit\":null,\"used\":null,\"refused\":0}]}");

        run("bans");
        run("limits");

        assertThat(out.toString().lines())
                .containsExactly(
                        "ADDRESS        ENDS IN  REASON",
                        "192.0.2.7            -  operator",
                        "2001:db8::/64     13 s  wrong proofs, at server-2",
                        "SETTING               LIMIT     USED  REFUSED",
                        "limits.max_clients    1,000       12        3",
                        "limits.bytes        1.0 MiB  1.5 KiB        0",
                        "limits.x               none        -        0");
    }

    @Test
    void theFleetIsATable() {
        admin.on(
                "GET /api/v1/fleet",
                200,
                "{\"store\":{\"kind\":\"redis\",\"place\":\"redis://10.0.0.9:6379\",\"up\":false},\"servers\":["
                        + "{\"name\":\"eu-1\",\"self\":true,\"state\":\"listening\",\"backendUp\":true,\"liveSessions\":1200,"
                        + "\"staleSessions\":3,\"connections\":1201,\"advertise\":\"eu-1.example.com:42000\",\"version\":\"0.1.0\"},"
                        + "{\"name\":\"eu-2\",\"self\":false,\"state\":\"draining\",\"backendUp\":false,\"liveSessions\":7,"
                        + "\"staleSessions\":0,\"connections\":7,\"advertise\":null,\"version\":\"0.1.0\"}]}");

        run("fleet");

        assertThat(out.toString().lines().map(String::stripTrailing))
                .containsExactly(
                        "Store: redis, redis://10.0.0.9:6379, can't be reached",
                        "SERVER  STATE      BACKEND   LIVE  STALE  CONNECTIONS  ADDRESS                 VERSION",
                        "eu-1 *  listening  up       1,200      3        1,201  eu-1.example.com:42000  0.1.0",
                        "eu-2    draining   down         7      0            7  -                       0.1.0");
    }

    @Test
    void aServerWithoutAFleetSaysSo() {
        admin.on(
                "GET /api/v1/fleet",
                200,
                "{\"store\":{\"kind\":\"memory\",\"place\":null,\"up\":true},\"servers\":[]}");

        run("fleet");

        assertThat(out.toString().lines())
                .containsExactly("Store: memory", "This server shares its sessions with no other one.");
    }

    @Test
    void eventsReadLikeALog() {
        admin.on(
                "GET /api/v1/events?limit=2",
                200,
                "{\"events\":[{\"at\":\"2026-01-01T00:00:02Z\",\"level\":\"Warn\",\"message\":\"b\\u001b[2J\",\"fields\":{\"session\":\"4\\n2\"}},"
                        + "{\"at\":\"2026-01-01T00:00:01Z\",\"level\":\"Info\",\"message\":\"a\",\"fields\":{}}]}");

        run("events", "--limit", "2");

        assertThat(out.toString().lines())
                .containsExactly(
                        "2026-01-01T00:00:01Z Info  a", "2026-01-01T00:00:02Z Warn  b\\u001b[2J session=4\\u000a2");
    }

    @Test
    void theConfigurationNamesItsOrigins() {
        admin.on(
                "GET /api/v1/config",
                200,
                "{\"sources\":\"connserver.toml\",\"settings\":[{\"key\":\"general.log_level\",\"value\":\"Info\",\"default\":\"Info\",\"origin\":\"f:1\"},"
                        + "{\"key\":\"limits.max_clients\",\"value\":5,\"default\":0,\"origin\":\"connserver.toml:3\"}]}");

        run("config");
        run("config", "--changed");

        assertThat(out.toString().lines())
                .containsExactly(
                        "From connserver.toml",
                        "SETTING             VALUE   FROM",
                        "general.log_level   \"Info\"  f:1",
                        "limits.max_clients  5       connserver.toml:3",
                        "From connserver.toml",
                        "SETTING             VALUE  FROM",
                        "limits.max_clients  5      connserver.toml:3");
    }

    @Test
    void aReloadTellsWhatHasChanged() {
        admin.on(
                "POST /api/v1/reload",
                200,
                "{\"atOnce\":[\"limits.a\",\"limits.b\"],\"newLinks\":[],\"atRestart\":[\"listener.address\"],\"warnings\":[\"w\"]}");

        assertThat(run("reload")).isZero();

        assertThat(out.toString().lines())
                .containsExactly("w", "Changed at once: limits.a, limits.b", "Needs a restart: listener.address");
    }

    @Test
    void aReloadNamesNewCertificates() {
        admin.on(
                "POST /api/v1/reload",
                200,
                "{\"atOnce\":[],\"newLinks\":[],\"atRestart\":[],\"newCertificates\":[\"a until 2030\",\"b until 2031\"],"
                        + "\"keptCertificates\":[],\"warnings\":[]}");

        assertThat(run("reload")).isZero();

        assertThat(out.toString().lines()).containsExactly("New certificates: a until 2030, b until 2031");
    }

    @Test
    void aReloadThatKeepsCertificatesIsStatus78AndTheMistakes() {
        admin.on(
                "POST /api/v1/reload",
                200,
                "{\"atOnce\":[],\"newLinks\":[],\"atRestart\":[],\"newCertificates\":[],"
                        + "\"keptCertificates\":[\"tls.key: x.key: another one\"],\"warnings\":[]}");

        assertThat(run("reload")).isEqualTo(78);

        assertThat(out.toString().lines())
                .containsExactly("tls.key: x.key: another one; the certificates in use before stay");
    }

    @Test
    void aReloadOfABadFileIsStatus78AndTheErrors() {
        admin.on(
                "POST /api/v1/reload",
                422,
                "{\"title\":\"x\",\"status\":422,\"detail\":\"y\",\"errors\":[\"connserver.toml:3: a\",\"connserver.toml:4: b\"]}");

        assertThat(run("reload")).isEqualTo(78);

        assertThat(err.toString().lines()).containsExactly("connserver.toml:3: a", "connserver.toml:4: b");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aDrainTellsHowLongItTakes() {
        admin.on("POST /api/v1/drain", 202, "{\"state\":\"draining\",\"timeoutSeconds\":5}");

        assertThat(run("drain")).isZero();

        assertThat(out.toString()).isEqualToIgnoringNewLines("The server is draining: it ends within 5.0 s.");
    }

    @Test
    void readingOnThisMachineNeedsNoToken() throws IOException {
        admin.on("GET /api/v1/log-level", 200, "{\"level\":\"Info\"}");
        Files.writeString(directory.resolve("admin.token"), "ofAnotherServer");
        assertThat(run("log-level")).isZero();

        assertThat(admin.requests()).extracting(FakeAdmin.Request::token).containsExactly("");
    }

    @Test
    void readingThroughAProxyGetsTheTokenWhereItIsAskedFor() throws IOException {
        admin.on("GET /api/v1/log-level", 401, "{\"title\":\"Unauthorized\",\"status\":401,\"detail\":\"x\"}");
        Files.writeString(directory.resolve("admin.token"), "secret");

        assertThat(run("log-level")).isEqualTo(1);

        assertThat(admin.requests()).extracting(FakeAdmin.Request::token).containsExactly("", "Bearer secret");
    }

    @Test
    void aProblemIsItsDetail() {
        admin.on(
                "GET /api/v1/sessions/42",
                404,
                "{\"title\":\"Not Found\",\"status\":404,\"detail\":\"no session 42\\u001b[m\"}");

        assertThat(run("session", "42")).isEqualTo(1);

        assertThat(err.toString()).isEqualToIgnoringNewLines("no session 42\\u001b[m");
    }

    @Test
    void aMissingAndAWrongTokenAreToldApart() throws IOException {
        admin.on(
                "POST /api/v1/drain",
                401,
                "{\"title\":\"Unauthorized\",\"status\":401,\"detail\":\"a token is needed\"}");

        assertThat(run("drain")).isEqualTo(1);
        Files.writeString(directory.resolve("admin.token"), "secret");
        assertThat(run("drain")).isEqualTo(1);

        assertThat(err.toString().lines())
                .hasSize(4)
                .anyMatch(line -> line.startsWith("no token was sent: admin.token: no such file or folder; name"))
                .anyMatch(line -> line.startsWith("the token of admin.token is not that of 127.0.0.1:"))
                .noneMatch(line -> line.contains("secret"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "404|text/html|<h1>Not Found</h1>|it answers with status 404",
                "200|text/html|<h1>Welcome</h1>|its answer is no JSON object",
                "200|application/json|[]|its answer is no JSON object",
                "200|application/json|{\"a\":1|its answer is no JSON object",
                "200|application/json|{\"a\":1} {}|its answer is no JSON object",
                "200|application/json|{a:1}|its answer is no JSON object",
                "301|text/plain|there|it answers with status 301",
            })
    void anotherServerIsRecognised(int status, String type, String body, String words) {
        admin.on("GET /api/v1/status", status, type, body);

        assertThat(run("status")).isEqualTo(1);

        assertThat(err.toString())
                .contains("this is not the admin server of a Voltlane of this version: " + words)
                .hasLineCount(1);
    }

    @Test
    void nobodyThereIsOneLine() {
        int port = Ports.free();

        assertThat(execute("ctl", "status", "--address", "http://127.0.0.1:" + port + "/"))
                .isEqualTo(1);

        assertThat(err.toString())
                .isEqualToIgnoringNewLines(
                        "127.0.0.1:" + port + " (--address): connection refused; is the server running?");
    }

    @Test
    void aHostThatIsNotThereIsOneLine() {
        assertThat(execute("ctl", "status", "--address", "no-such-host.invalid:1"))
                .isEqualTo(1);

        assertThat(err.toString()).isEqualToIgnoringNewLines("no-such-host.invalid:1 (--address): unknown host");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nope",
                "session",
                "session x",
                "kick",
                "kick 1 2",
                "ban",
                "ban 192.0.2.7 --seconds 0",
                "sessions --limit 0",
                "sessions --state nope",
                "sessions --sort nope",
                "log-level nope",
                "events --limit 0",
                "events --limit 201",
                "top --pictures -1",
                "status --address nowhere",
                "status --address https://127.0.0.1:1",
                "status --address 127.0.0.1:0",
            })
    void aSlipOnTheCommandLineIsStatusTwo(String line) {
        List<String> args = new ArrayList<>(List.of("ctl"));
        args.addAll(line.isEmpty() ? List.of() : List.of(line.split(" ")));

        assertThat(execute(args.toArray(new String[0]))).isEqualTo(2);
        assertThat(admin.requests()).isEmpty();
    }

    @Test
    void sharedOptionsMayStandBeforeTheCommand() {
        admin.on("GET /api/v1/status", 200, "{}");

        assertThat(execute("ctl", "--json", "--address", admin.address().toString(), "status"))
                .isZero();

        assertThat(out.toString()).isEqualToIgnoringNewLines("{}");
    }

    @Test
    void aServerOfAnotherVersionMayLackMembers() {
        admin.on("GET /api/v1/status", 200, "{}").on("GET /api/v1/sessions?limit=50", 200, "{\"sessions\":[{}]}");

        assertThat(run("status")).isZero();
        assertThat(run("sessions")).isZero();
    }

    private static String page(int sessions) {
        return "{\"sessions\":[" + "{\"id\":\"1\"},".repeat(sessions - 1) + "{\"id\":\"1\"}],\"next\":\"n\"}";
    }

    private int run(String... args) {
        List<String> all = new ArrayList<>(List.of("ctl"));
        all.addAll(List.of(args));
        all.addAll(List.of("--address", admin.address().toString()));
        return execute(all.toArray(new String[0]));
    }

    /** The command as the whole program has it, without the parts that are not of interest here. */
    private int execute(String... args) {
        CommandLine ctl = CtlCommand.commandLine(directory, Map.of(), args)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
        String[] behind = List.of(args).subList(1, args.length).toArray(new String[0]);
        return ctl.execute(behind);
    }
}
