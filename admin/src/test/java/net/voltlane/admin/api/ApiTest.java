package net.voltlane.admin.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import net.voltlane.admin.api.ApiStage.Answer;
import net.voltlane.proof.KeyPair;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import net.voltlane.server.config.ConfigException;
import net.voltlane.server.config.LogLevel;
import net.voltlane.server.guard.Bans;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.ScriptedClient;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Everything of the API but sessions, over real HTTP. Each answer is held to the description of the API. */
@ExtendWith(LeakCheck.class)
final class ApiTest {
    @TempDir
    Path directory;

    private ApiStage stage;

    @BeforeEach
    void start() throws Exception {
        stage = new ApiStage(directory, "[limits]\nmax_clients = 7\n[clients]\nchannel_capacity = \"unlimited\"\n");
    }

    @AfterEach
    void end() {
        stage.close();
    }

    // ---- status

    @Test
    void theStatusIsThatOfTheServer() throws Exception {
        try (ScriptedClient client = ScriptedClient.open(stage.clients)) {
            assertThat(client.id()).isPositive();
            Awaitility.await().untilAsserted(() -> {
                JsonObject status = stage.get("/api/v1/status").document();
                assertThat(status.getAsJsonObject("sessions").get("live").getAsInt())
                        .isOne();
                assertThat(status.getAsJsonObject("connections").get("open").getAsInt())
                        .isOne();
                assertThat(status.get("ready").getAsBoolean()).isTrue();
            });
        }
        JsonObject status = stage.get("/api/v1/status").document();
        assertThat(status.get("version").getAsString()).isEqualTo("0.1.0-test");
        assertThat(status.get("state").getAsString()).isEqualTo("listening");
        assertThat(status.get("reasons").getAsJsonArray()).isEmpty();
        assertThat(status.get("key").getAsString()).isEqualTo(stage.server.keyFingerprint());
        InetSocketAddress clients = stage.clients;
        assertThat(status.get("listeners").getAsJsonArray())
                .singleElement()
                .extracting(JsonElement::getAsString)
                .isEqualTo("127.0.0.1:" + clients.getPort());
        JsonObject master = status.getAsJsonObject("master");
        assertThat(master.get("address").getAsString())
                .isEqualTo("127.0.0.1:" + stage.master.address().getPort());
        assertThat(master.get("connected").getAsBoolean()).isTrue();
        assertThat(master.get("connections").getAsInt()).isOne();
        assertThat(status.get("drain").isJsonNull()).isTrue();
        assertThat(status.get("uptimeSeconds").getAsDouble()).isNotNegative();
        assertThat(status.get("processId").getAsLong())
                .isEqualTo(ProcessHandle.current().pid());
    }

    @Test
    void aLostMasterIsTheReasonWhyTheServerIsNotReady() throws Exception {
        stage.master.close();
        Awaitility.await().untilAsserted(() -> {
            JsonObject status = stage.get("/api/v1/status").document();
            assertThat(status.get("ready").getAsBoolean()).isFalse();
            assertThat(status.get("reasons").toString()).contains("the master is not connected");
            assertThat(status.getAsJsonObject("master").get("losses").getAsInt())
                    .isOne();
        });
    }

    // ---- bans

    @Test
    void aBanIsGivenListedAndLifted() throws Exception {
        Answer ban = stage.post("/api/v1/bans", "{\"address\":\"127.0.0.0/8\",\"seconds\":600}");
        assertThat(ban.status()).isEqualTo(201);
        assertThat(ban.text("address")).isEqualTo("127.0.0.0/8");
        assertThat(ban.text("reason")).isEqualTo("operator");
        assertThat(ban.document().get("endsInSeconds").getAsDouble()).isEqualTo(600);
        try (Socket client = new Socket()) {
            client.connect(stage.clients);
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        } catch (IOException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
        Awaitility.await().until(() -> stage.server.count(Metric.REFUSED_BANNED) == 1);
        assertThat(stage.post("/api/v1/bans", "{\"address\":\"2001:db8::/64\"}").status())
                .isEqualTo(201);
        JsonArray all = stage.get("/api/v1/bans").document().getAsJsonArray("bans");
        assertThat(all).hasSize(2);
        assertThat(all.get(0).getAsJsonObject().get("endsInSeconds").isJsonNull())
                .isTrue();
        Answer lifted = stage.post("/api/v1/bans/lift", "{\"address\":\"127.0.0.0/8\"}");
        assertThat(lifted.document().toString()).isEqualTo("{\"address\":\"127.0.0.0/8\",\"lifted\":true}");
        assertThat(stage.post("/api/v1/bans/lift", "{\"address\":\"127.0.0.0/8\"}")
                        .status())
                .isEqualTo(404);
        ScriptedClient.open(stage.clients).close();
    }

    @Test
    void pagesOfBansAreTurned() throws Exception {
        List<String> banned = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            banned.add("10.0.0." + i);
            stage.post("/api/v1/bans", "{\"address\":\"10.0.0." + i + "\",\"seconds\":null}");
        }
        List<String> seen = new ArrayList<>();
        String cursor = "";
        while (true) {
            JsonObject page = stage.get("/api/v1/bans?limit=3" + cursor).document();
            page.getAsJsonArray("bans")
                    .forEach(
                            ban -> seen.add(ban.getAsJsonObject().get("address").getAsString()));
            if (page.get("next").isJsonNull()) {
                break;
            }
            cursor = "&cursor=" + page.get("next").getAsString();
        }
        assertThat(seen).containsExactlyElementsOf(banned);
        assertThat(stage.get("/api/v1/bans?cursor=AAAA").status()).isEqualTo(400);
        assertThat(stage.get("/api/v1/sessions?" + cursor.substring(1)).status())
                .as("of another list")
                .isEqualTo(400);
    }

    @Test
    void oneBanTooManyIsAConflict() throws Exception {
        for (int i = 0; i < Bans.MAX_OF_OPERATORS; i++) {
            stage.server.bans().add(Parameters.network("address", "10.0." + (i >> 8) + "." + (i & 255)), null);
        }
        Answer full = stage.post("/api/v1/bans", "{\"address\":\"192.0.2.7\"}");
        assertThat(full.status()).isEqualTo(409);
        assertThat(full.text("detail")).startsWith("there are 10000 bans by operators");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                                     | address: missing (expected: an address or a network, such as 192.0.2.7 or 2001:db8::/64)",
                "{\"address\":7}                        | address: \"7\" (expected: an address or a network, such as 192.0.2.7 or 2001:db8::/64)",
                "{\"address\":\"home\"}                 | address: \"home\" (expected: an address or a network, such as 192.0.2.7, 10.0.0.0/8 or 2001:db8::/64)",
                "{\"address\":\"::1\",\"seconds\":0}    | seconds: \"0\" (expected: a whole number from 1 to 2147483647, or null)",
                "{\"address\":\"::1\",\"seconds\":1.5}  | seconds: \"1.5\" (expected: a whole number from 1 to 2147483647, or null)",
                "{\"address\":\"::1\",\"seconds\":\"9\"}| seconds: \"\"9\"\" (expected: a whole number from 1 to 2147483647, or null)",
                "{\"address\":\"::1\",\"seconds\":-1}   | seconds: \"-1\" (expected: a whole number from 1 to 2147483647, or null)",
                "{\"address\":\"::1\",\"for\":\"ever\"} | \"for\": unknown field (expected: address, seconds)",
                "[]                                     | body (expected: a JSON object)",
                "{\"address\":                          | the body is no JSON",
            })
    void aBanThatIsNotUnderstoodIsRefused(String body, String detail) throws Exception {
        Answer answer = stage.post("/api/v1/bans", body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("detail")).isEqualTo(detail);
        assertThat(stage.get("/api/v1/bans").document().getAsJsonArray("bans")).isEmpty();
    }

    @Test
    void aBodyOfAnotherTypeIsRefused() throws Exception {
        Answer answer = stage.send(stage.request("/api/v1/bans")
                .header("Authorization", "Bearer " + ApiStage.TOKEN)
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("{\"address\":\"::1\"}")));
        assertThat(answer.status()).isEqualTo(415);
    }

    // ---- the fleet

    @Test
    void aServerWithoutAStoreIsInNoFleet() throws Exception {
        JsonObject fleet = stage.get("/api/v1/fleet").document();

        assertThat(fleet.getAsJsonArray("servers")).isEmpty();
        assertThat(fleet.getAsJsonObject("store").get("kind").getAsString()).isEqualTo("memory");
        assertThat(fleet.getAsJsonObject("store").get("up").getAsBoolean()).isTrue();
        assertThat(fleet.getAsJsonObject("store").get("whenAway").isJsonNull()).isTrue();
    }

    // ---- limits

    @Test
    void limitsAreShownWithTheirUseAndRefusals() throws Exception {
        List<ScriptedClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 7; i++) {
                clients.add(ScriptedClient.open(stage.clients));
            }
            try (ScriptedClient tooMany = ScriptedClient.connect(stage.clients)) {
                tooMany.send(new ProtocolVersion(2));
                tooMany.send(new PubKey(KeyPair.generate(new SecureRandom()).publicKey()));
                tooMany.readUntilClosed();
            }
            Map<String, JsonObject> limits =
                    stage.get("/api/v1/limits").document().getAsJsonArray("limits").asList().stream()
                            .map(JsonElement::getAsJsonObject)
                            .collect(Collectors.toMap(limit -> limit.get("key").getAsString(), limit -> limit));
            JsonObject maxClients = limits.get("limits.max_clients");
            assertThat(maxClients.get("limit").getAsInt()).isEqualTo(7);
            assertThat(maxClients.get("used").getAsInt()).isGreaterThanOrEqualTo(7);
            assertThat(maxClients.get("refused").getAsInt()).isOne();
            assertThat(maxClients.get("description").getAsString()).startsWith("Maximum number of connected clients.");
            assertThat(limits.get("limits.max_clients_per_ip").get("limit").isJsonNull())
                    .isTrue();
            assertThat(limits.get("clients.channel_capacity").get("limit").isJsonNull())
                    .isTrue();
            assertThat(limits.get("clients.missed_packets_buffer_size")
                            .get("limit")
                            .getAsInt())
                    .isZero();
            assertThat(limits.get("clients.max_stale_clients").get("used").getAsInt())
                    .isZero();
        } finally {
            clients.forEach(ScriptedClient::close);
        }
    }

    // ---- settings

    @Test
    void eachSettingIsShownWithItsOrigin() throws Exception {
        JsonObject config = stage.get("/api/v1/config").document();
        assertThat(config.get("sources").getAsString()).endsWith("connserver.toml");
        Map<String, JsonObject> settings = config.getAsJsonArray("settings").asList().stream()
                .map(JsonElement::getAsJsonObject)
                .collect(Collectors.toMap(setting -> setting.get("key").getAsString(), setting -> setting));
        JsonObject maxClients = settings.get("limits.max_clients");
        assertThat(maxClients.get("value").getAsLong()).isEqualTo(7);
        assertThat(maxClients.get("default").getAsLong()).isZero();
        assertThat(maxClients.get("origin").getAsString()).isEqualTo("connserver.toml:9");
        assertThat(maxClients.get("reload").getAsString()).isEqualTo("at once");
        assertThat(settings.get("clients.channel_capacity").get("value").getAsString())
                .isEqualTo("unlimited");
        assertThat(settings.get("general.log_level").get("origin").getAsString())
                .isEqualTo("default");
        assertThat(config.toString()).doesNotContain(ApiStage.TOKEN);
    }

    @Test
    void theLogLevelIsShownAndSet() throws Exception {
        assertThat(stage.get("/api/v1/log-level").text("level")).isEqualTo("Info");
        assertThat(stage.post("/api/v1/log-level", "{\"level\":\"Debug\"}").text("level"))
                .isEqualTo("Debug");
        assertThat(stage.host.logLevel()).isEqualTo(LogLevel.DEBUG);
        assertThat(stage.post("/api/v1/log-level", "{\"level\":\"Loud\"}").text("detail"))
                .isEqualTo("level: \"Loud\" (expected: one of Off, Error, Warn, Info, Debug, Trace)");
        assertThat(stage.post("/api/v1/log-level", "").status()).isEqualTo(400);
        assertThat(stage.host.logLevel()).isEqualTo(LogLevel.DEBUG);
    }

    @Test
    void aReloadSaysWhatHasChanged() throws Exception {
        stage.host.reload = stage.server.reload(stage.host
                .configuration()
                .config()
                .withClients(stage.host.configuration().config().clients().withMaxStaleClients(5)));
        JsonObject reloaded = stage.post("/api/v1/reload", "").document();
        assertThat(reloaded.get("atOnce").toString()).isEqualTo("[\"clients.max_stale_clients\"]");
        assertThat(reloaded.get("newLinks").getAsJsonArray()).isEmpty();
        assertThat(reloaded.get("atRestart").getAsJsonArray()).isEmpty();
    }

    @Test
    void aReloadOfAWrongFileSaysWhy() throws Exception {
        Files.writeString(directory.resolve("connserver.toml"), "[limits]\nmax_clients = -1\nmax_client = 3\n");
        ConfigException wrong = assertThrows(ConfigException.class, () -> ApiStage.load(directory));
        stage.host.reload = CompletableFuture.failedFuture(new CompletionException(wrong));
        Answer answer = stage.post("/api/v1/reload", "");
        assertThat(answer.status()).isEqualTo(422);
        List<String> lines = new ArrayList<>();
        answer.document().getAsJsonArray("errors").forEach(line -> lines.add(line.getAsString()));
        assertThat(lines).isEqualTo(wrong.lines()).hasSize(2);
    }

    // ---- the end

    @Test
    void aDrainIsBegunByTheHost() throws Exception {
        Answer answer = stage.post("/api/v1/drain", "");
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.document().toString()).isEqualTo("{\"state\":\"draining\",\"timeoutSeconds\":5}");
        assertThat(stage.host.asked).containsExactly("drain");
    }

    @Test
    void anEndedServerAnswersWithProblems() throws Exception {
        stage.server.stop();
        stage.server.ended().toCompletableFuture().join();
        assertThat(stage.get("/api/v1/status").text("state")).isEqualTo("stopped");
        assertThat(stage.get("/api/v1/sessions").status()).isEqualTo(503);
        assertThat(stage.get("/api/v1/sessions/1").status()).isEqualTo(503);
        assertThat(stage.post("/api/v1/sessions/1/kick", "").status()).isEqualTo(503);
        stage.host.reload = stage.server.reload(stage.host.configuration().config());
        assertThat(stage.post("/api/v1/reload", "").status()).isEqualTo(409);
        assertThat(stage.get("/api/v1/limits").status()).isEqualTo(200);
    }

    // ---- the description

    @Test
    void theDescriptionNamesEachParameterOfAQuery() throws Exception {
        for (String operation : OpenApi.operations()) {
            String[] words = operation.split(" ");
            boolean isOurs = stage.routes.stream()
                    .anyMatch(route -> route.template().equals(words[1]) && words[1].startsWith("/api/"));
            if (!isOurs) {
                continue;
            }
            String path = words[1].replace("{id}", "1") + "?nonsense=1";
            Answer answer = words[0].equals("GET") ? stage.get(path) : stage.post(path, "");
            List<String> names = OpenApi.parameters(words[0], words[1]);
            assertThat(answer.text("detail"))
                    .as(operation)
                    .isEqualTo("\"nonsense\": unknown parameter (expected: "
                            + (names.isEmpty() ? "no parameters" : String.join(", ", names)) + ")");
        }
    }

    @Test
    void theDescriptionIsServed() throws Exception {
        Answer answer = stage.get("/api/v1/openapi.json");
        assertThat(answer.text("openapi")).isEqualTo("3.1.0");
        assertThat(answer.document().getAsJsonObject("paths").size()).isGreaterThan(10);
    }

    @Test
    void theCheckOfAnswersFindsMistakes() {
        JsonObject kicked =
                JsonParser.parseString("{\"id\":\"1\",\"kicked\":true}").getAsJsonObject();
        assertThat(OpenApi.errors(kicked, "Kicked")).isEmpty();
        kicked.addProperty("id", 1);
        assertThat(OpenApi.errors(kicked, "Kicked")).hasSize(1);
        kicked.addProperty("more", 1);
        kicked.remove("kicked");
        assertThat(OpenApi.errors(kicked, "Kicked")).hasSize(3);
    }
}
