package net.voltlane.admin.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.voltlane.admin.api.ApiStage.Answer;
import net.voltlane.protocol.Reason;
import net.voltlane.server.metrics.Gauge;
import net.voltlane.testkit.ClientIdentity;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.ScriptedClient;
import net.voltlane.testkit.Seeds;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions over real HTTP. */
@ExtendWith(LeakCheck.class)
final class SessionsEndpointsTest {
    @TempDir
    Path directory;

    private ApiStage stage;
    private final Deque<ScriptedClient> open = new ArrayDeque<>();

    @BeforeEach
    void start() throws Exception {
        stage = new ApiStage(directory, "[clients]\nmissed_packets_buffer_size = 10\n");
    }

    @AfterEach
    void end() {
        open.forEach(ScriptedClient::close);
        stage.close();
    }

    private ScriptedClient client() {
        ScriptedClient client = ScriptedClient.open(stage.clients);
        open.add(client);
        return client;
    }

    /** A session that the master has heard of. */
    private ScriptedClient heard() {
        ScriptedClient client = client();
        client.send(new byte[3]);
        assertThat(stage.firehose.dataOf(client.id())).hasSize(3);
        return client;
    }

    private ClientIdentity lost() {
        ScriptedClient client = heard();
        ClientIdentity who = client.identity();
        long before = stage.server.read(Gauge.SESSIONS_STALE);
        client.cut();
        Awaitility.await().until(() -> stage.server.read(Gauge.SESSIONS_STALE) > before);
        return who;
    }

    private List<String> ids(Answer page) {
        assertThat(page.status()).as("%s", page.document()).isEqualTo(200);
        List<String> ids = new ArrayList<>();
        for (JsonElement session : page.document().getAsJsonArray("sessions")) {
            ids.add(session.getAsJsonObject().get("id").getAsString());
        }
        return ids;
    }

    @Test
    void aLiveSessionIsShownWithItsCounts() throws Exception {
        ScriptedClient client = heard();
        stage.firehose.send(client.id(), new byte[7]);
        assertThat(client.receive()).hasSize(7);
        Answer answer = stage.get("/api/v1/sessions/" + client.id());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.type()).isEqualTo("application/json");
        JsonObject session = answer.document();
        assertThat(session.get("id").getAsJsonPrimitive().isString()).isTrue();
        assertThat(session.get("id").getAsString()).isEqualTo(Long.toString(client.id()));
        assertThat(session.get("state").getAsString()).isEqualTo("live");
        assertThat(session.get("address").getAsString()).isEqualTo("127.0.0.1");
        assertThat(session.get("port").getAsInt()).isEqualTo(client.localPort());
        assertThat(session.get("transport").getAsString()).isEqualTo("tcp");
        assertThat(session.get("protocol").getAsInt()).isEqualTo(2);
        assertThat(session.get("ageSeconds").getAsDouble()).isBetween(0.0, 60.0);
        assertThat(session.get("lostForSeconds").isJsonNull()).isTrue();
        assertThat(session.get("slow").getAsBoolean()).isFalse();
        assertThat(session.get("resumes").getAsInt()).isZero();
        assertThat(session.getAsJsonObject("queue").get("packets").getAsInt()).isZero();
        assertThat(session.getAsJsonObject("queue").get("maxPackets").getAsLong())
                .isEqualTo(8192);
        assertThat(session.get("packetsUp").getAsLong()).isOne();
        assertThat(session.get("bytesUp").getAsLong()).isEqualTo(3);
        assertThat(session.get("packetsDown").getAsLong()).isOne();
        assertThat(session.get("bytesDown").getAsLong()).isEqualTo(7);
    }

    @Test
    void aStaleSessionIsShownWithWhatItMissed() throws Exception {
        ClientIdentity who = lost();
        stage.firehose.send(who.id(), new byte[9]);
        Awaitility.await().untilAsserted(() -> {
            JsonObject session = stage.get("/api/v1/sessions/" + who.id()).document();
            assertThat(session.get("state").getAsString()).isEqualTo("stale");
            assertThat(session.get("queue").isJsonNull()).isTrue();
            assertThat(session.get("port").isJsonNull()).isTrue();
            assertThat(session.get("transport").isJsonNull()).isTrue();
            assertThat(session.get("lostForSeconds").getAsDouble()).isNotNegative();
            assertThat(session.getAsJsonObject("missed").get("packets").getAsInt())
                    .isOne();
            assertThat(session.getAsJsonObject("missed").get("maxPackets").getAsInt())
                    .isEqualTo(10);
        });
    }

    @Test
    void sessionsAreSifted() throws Exception {
        ScriptedClient live = client();
        ClientIdentity stale = lost();
        String liveId = Long.toString(live.id());
        String staleId = Long.toString(stale.id());
        assertThat(ids(stage.get("/api/v1/sessions"))).containsExactly(liveId, staleId);
        assertThat(ids(stage.get("/api/v1/sessions?state=live"))).containsExactly(liveId);
        assertThat(ids(stage.get("/api/v1/sessions?state=stale"))).containsExactly(staleId);
        assertThat(ids(stage.get("/api/v1/sessions?state=leaving"))).isEmpty();
        assertThat(ids(stage.get("/api/v1/sessions?slow=true"))).isEmpty();
        assertThat(ids(stage.get("/api/v1/sessions?slow=false"))).hasSize(2);
        assertThat(ids(stage.get("/api/v1/sessions?address=127.0.0.0/8"))).hasSize(2);
        assertThat(ids(stage.get("/api/v1/sessions?address=192.0.2.1"))).isEmpty();
        assertThat(ids(stage.get("/api/v1/sessions?sort=-opened"))).containsExactly(staleId, liveId);
        stage.firehose.send(stale.id(), new byte[9]);
        Awaitility.await()
                .untilAsserted(() -> assertThat(ids(stage.get("/api/v1/sessions?sort=-waiting&limit=1")))
                        .containsExactly(staleId));
        assertThat(ids(stage.get("/api/v1/sessions?sort=-traffic&limit=1"))).containsExactly(staleId);
    }

    @ParameterizedTest
    @ValueSource(strings = {"opened", "-opened", "-waiting", "-traffic"})
    void eachSessionIsOnExactlyOnePageWhileOthersComeAndGo(String sort) {
        Seeds.run(seed -> {
            try {
                turnPages(new Random(seed), sort);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    private void turnPages(Random random, String sort) throws Exception {
        Set<String> stay = new HashSet<>();
        Deque<ScriptedClient> go = new ArrayDeque<>();
        Deque<ScriptedClient> rove = new ArrayDeque<>();
        for (int i = 0; i < 24; i++) {
            ScriptedClient client = client();
            switch (i % 3) {
                case 0 -> go.add(client);
                case 1 -> {
                    rove.add(client);
                    stay.add(Long.toString(client.id()));
                }
                default -> stay.add(Long.toString(client.id()));
            }
        }
        List<String> seen = new ArrayList<>();
        int limit = 1 + random.nextInt(8);
        String path = "/api/v1/sessions?sort=" + sort + "&limit=" + limit;
        Answer page = stage.get(path);
        while (true) {
            List<String> ids = ids(page);
            assertThat(ids).hasSizeLessThanOrEqualTo(limit);
            seen.addAll(ids);
            JsonElement next = page.document().get("next");
            if (next.isJsonNull()) {
                break;
            }
            comeAndGo(random, go, rove);
            page = stage.get(path + "&cursor=" + next.getAsString());
        }
        assertThat(seen).as("none twice").doesNotHaveDuplicates();
        assertThat(seen).as("all that stayed").containsAll(stay);
    }

    private void comeAndGo(Random random, Deque<ScriptedClient> go, Deque<ScriptedClient> rove) throws Exception {
        if (!go.isEmpty() && random.nextBoolean()) {
            assertThat(stage.post("/api/v1/sessions/" + go.remove().id() + "/kick", "")
                            .status())
                    .isEqualTo(200);
        }
        if (random.nextInt(3) == 0) {
            client();
        }
        if (random.nextBoolean()) {
            ScriptedClient away = rove.remove();
            away.cut();
            ScriptedClient back = ScriptedClient.connect(stage.clients);
            open.add(back);
            back.resume(away.identity());
            rove.add(back);
        }
    }

    @Test
    void aCursorHoldsForItsQuestionAlone() throws Exception {
        client();
        client();
        String next = stage.get("/api/v1/sessions?limit=1").text("next");
        assertThat(ids(stage.get("/api/v1/sessions?limit=5&cursor=" + next))).hasSize(1);
        String rank = stage.get("/api/v1/sessions?limit=1&sort=-waiting").text("next");
        for (String wrong : List.of(
                "state=live&cursor=" + next,
                "sort=-opened&cursor=" + next,
                "sort=-waiting&cursor=" + next,
                "sort=-traffic&cursor=" + rank,
                "cursor=" + rank,
                "cursor=",
                "cursor=AAAA",
                "cursor=%00",
                "cursor=!!",
                "cursor=" + "A".repeat(38),
                "cursor=" + "A".repeat(3_000),
                "cursor=" + next.substring(1),
                "cursor=" + next + "AAAA")) {
            Answer answer = stage.get("/api/v1/sessions?" + wrong);
            assertThat(answer.status()).as(wrong).isEqualTo(400);
            assertThat(answer.type()).as(wrong).isEqualTo("application/problem+json");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "state=gone     | state: \"gone\" (expected: one of live, leaving, stale)",
                "slow=yes       | slow: \"yes\" (expected: one of false, true)",
                "sort=waiting   | sort: \"waiting\" (expected: one of opened, -opened, -waiting, -traffic)",
                "limit=0        | limit: \"0\" (expected: a whole number from 1 to 256)",
                "limit=257      | limit: \"257\" (expected: a whole number from 1 to 256)",
                "limit=x        | limit: \"x\" (expected: a whole number from 1 to 256)",
                "limit=%2B5     | limit: \"+5\" (expected: a whole number from 1 to 256)",
                "address=home   | address: \"home\" (expected: an address or a network, such as 192.0.2.7, 10.0.0.0/8 or 2001:db8::/64)",
                "colour=red     | \"colour\": unknown parameter (expected: state, address, slow, sort, limit, cursor)",
                "State=live     | \"State\": unknown parameter (expected: state, address, slow, sort, limit, cursor)",
            })
    void aQueryThatIsNotUnderstoodIsRefused(String query, String detail) throws Exception {
        Answer answer = stage.get("/api/v1/sessions?" + query);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.type()).isEqualTo("application/problem+json");
        assertThat(answer.text("detail")).isEqualTo(detail);
        assertThat(answer.document().get("status").getAsInt()).isEqualTo(400);
    }

    @Test
    void aSessionThatThereIsNotIsNotFound() throws Exception {
        assertThat(stage.get("/api/v1/sessions/77").text("detail")).isEqualTo("there is no session 77");
        assertThat(stage.get("/api/v1/sessions/77").status()).isEqualTo(404);
        assertThat(stage.get("/api/v1/sessions/18446744073709551615").status()).isEqualTo(404);
        for (String wrong : List.of("x", "-1", "18446744073709551616", "1.5", "%31e3", "111111111111111111111")) {
            assertThat(stage.get("/api/v1/sessions/" + wrong).status())
                    .as(wrong)
                    .isEqualTo(400);
        }
        assertThat(stage.get("/api/v1/sessions/77?x=1").status()).isEqualTo(400);
    }

    @Test
    void aKickEndsTheSessionAndTellsTheMaster() throws Exception {
        ScriptedClient client = heard();
        String path = "/api/v1/sessions/" + client.id() + "/kick";
        Answer kicked = stage.post(path, "");
        assertThat(kicked.status()).isEqualTo(200);
        assertThat(kicked.document().toString()).isEqualTo("{\"id\":\"" + client.id() + "\",\"kicked\":true}");
        stage.firehose.expectFailure(client.id(), Reason.CLIENT_KICKED);
        client.readUntilClosed();
        assertThat(stage.post(path, "").status()).isEqualTo(404);
        ClientIdentity stale = lost();
        assertThat(stage.post("/api/v1/sessions/" + stale.id() + "/kick", "{}").status())
                .isEqualTo(200);
        stage.firehose.expectFailure(stale.id(), Reason.CLIENT_KICKED);
    }

    @Test
    void aKickNeedsTheTokenAndAnEmptyBody() throws Exception {
        ScriptedClient client = client();
        String path = "/api/v1/sessions/" + client.id() + "/kick";
        assertThat(stage.send(stage.request(path).POST(BodyPublishers.noBody())).status())
                .isEqualTo(401);
        assertThat(stage.post(path, "{\"why\":1}").text("detail")).isEqualTo("\"why\": unknown field (expected: none)");
        assertThat(stage.post(path + "?force=1", "").status()).isEqualTo(400);
        assertThat(stage.get(path).status()).isEqualTo(405);
        JsonArray all = stage.get("/api/v1/sessions").document().getAsJsonArray("sessions");
        assertThat(all).hasSize(1);
    }
}
