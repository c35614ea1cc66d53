package net.voltlane.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.voltlane.testkit.Crowd;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * {@code mvn -Pfigures verify}: the time to list all sessions of a server over HTTP in each order, and the latency of
 * clients meanwhile. {@code SessionListTest} of the server measures how long a loop is held.
 */
@Tag("figures")
class SessionListFiguresTest {
    private static final int SESSIONS = Integer.getInteger("figures.sessions", 20_000);
    /** As many as the usual 20,000 descriptors have room for. */
    private static final int LIVE = Math.min(SESSIONS, Integer.getInteger("figures.live.http", 15_000));

    private static final int PAGE = 256;
    private static final int ROUNDS = 20;
    private static final int HONEST = 8;
    private static final int HONEST_PACKETS_PER_SECOND = 100;
    private static final long CALM_MILLIS = 3_000;
    private static final Pattern ID = Pattern.compile("\"id\": ?\"(\\d+)\"");
    private static final Pattern NEXT = Pattern.compile("\"next\": ?\"([^\"]+)\"");

    @Test
    void allSessionsAreListedOverHttp() throws Exception {
        try (AttackedServer server = new AttackedServer(true, HONEST, HONEST_PACKETS_PER_SECOND, "-XX:+UseSerialGC");
                Crowd crowd = Crowd.open(server.address(), LIVE, SESSIONS - LIVE - HONEST)) {
            System.out.printf("%d sessions, %d of them live, in pages of %d%n", SESSIONS, crowd.live(), PAGE);
            for (String order : List.of("opened", "-opened", "-waiting", "-traffic")) {
                List<Long> nanos = new ArrayList<>();
                list(server.admin, order);
                server.honest.take();
                for (int round = 0; round < ROUNDS; round++) {
                    long begun = System.nanoTime();
                    assertThat(list(server.admin, order)).hasSize(SESSIONS);
                    nanos.add(System.nanoTime() - begun);
                }
                Collections.sort(nanos);
                print(
                        String.format("sort=%s: all in %.0f ms (median)", order, nanos.get(ROUNDS / 2) / 1e6),
                        server.honest.take());
            }
            Thread.sleep(CALM_MILLIS);
            print("no list", server.honest.take());
        }
    }

    private static Set<String> list(AdminPort admin, String order) throws IOException {
        Set<String> ids = new HashSet<>();
        String cursor = "";
        do {
            HttpResponse<String> answer = admin.get("/api/v1/sessions?limit=" + PAGE + "&sort=" + order + cursor);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            ID.matcher(answer.body())
                    .results()
                    .forEach(id -> assertThat(ids.add(id.group(1))).isTrue());
            Matcher next = NEXT.matcher(answer.body());
            cursor = next.find() ? "&cursor=" + next.group(1) : "";
        } while (!cursor.isEmpty());
        return ids;
    }

    private static void print(String what, Histogram latency) {
        System.out.printf(
                "%-42s clients meanwhile: p50 %.2f ms, p99 %.2f ms, max %.2f ms%n",
                what,
                latency.getValueAtPercentile(50) / 1e6,
                latency.getValueAtPercentile(99) / 1e6,
                latency.getMaxValue() / 1e6);
    }
}
