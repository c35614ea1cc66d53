package net.voltlane.admin.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.admin.events.RecentEvents;
import net.voltlane.admin.history.Figures;
import net.voltlane.admin.history.History;
import net.voltlane.admin.history.Series;
import net.voltlane.admin.http.Json;
import net.voltlane.admin.http.ResponseStream;
import net.voltlane.server.metrics.Gauge;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.ManualClock;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class LiveFeedTest {
    private final ManualClock clock = new ManualClock();
    private final JsonObject status = status();
    private final RecentEvents events = new RecentEvents();
    private final LiveFeed feed =
            new LiveFeed(new History(new NoFigures(), clock, () -> Instant.EPOCH), () -> status, events);
    private final FakeReader reader = new FakeReader();

    @Test
    void aReaderGetsTheStatusAtOnceAndASampleEachSecond() {
        feed.add(reader);
        assertThat(reader.names()).containsExactly("status");
        reader.sent.clear();
        for (int i = 0; i < 10; i++) {
            clock.advance(Duration.ofMillis(LiveFeed.TICK_MILLIS));
            feed.tick();
        }

        assertThat(reader.names()).containsExactly("sample", "sample");
        assertThat(reader.sent.get(0))
                .startsWith("event: sample\ndata: {\"at\":\"")
                .endsWith("}\n\n");
    }

    @Test
    void theStatusIsSentAgainOnlyWhenItsStateChanges() {
        feed.add(reader);
        reader.sent.clear();
        status.addProperty("uptimeSeconds", 1.5);
        second();
        assertThat(reader.names()).containsExactly("sample");

        for (Runnable change : List.<Runnable>of(
                () -> status.addProperty("state", "dialling"),
                () -> status.addProperty("ready", false),
                () -> status.getAsJsonArray("reasons").add("the master is not connected"),
                () -> status.getAsJsonArray("listeners").add("127.0.0.1:42000"),
                () -> status.getAsJsonObject("master").addProperty("connected", false),
                () -> status.add("drain", new JsonObject()))) {
            reader.sent.clear();
            change.run();
            second();
            assertThat(reader.names()).containsExactly("status", "sample");
            assertThat(reader.sent.get(0)).isEqualTo("event: status\ndata: " + Json.text(status) + "\n\n");
        }
    }

    @Test
    void aReaderLearnsOfAChangeThatAnotherOneBeganWith() {
        feed.add(reader);
        status.addProperty("ready", false);
        feed.add(new FakeReader());
        reader.sent.clear();
        second();

        assertThat(reader.names()).containsExactly("status", "sample");
    }

    @Test
    void anEventIsMadeOnceForAllReaders() {
        FakeReader other = new FakeReader();
        feed.add(reader);
        feed.add(other);
        second();

        assertThat(reader.last).isSameAs(other.last);
    }

    @Test
    void aReaderThatIsClosedIsForgotten() {
        FakeReader other = new FakeReader();
        feed.add(reader);
        feed.add(other);
        reader.isClosed = true; // for reading nothing
        other.closed.forEach(Runnable::run);
        second();
        reader.isClosed = false;
        second();

        assertThat(reader.names()).containsExactly("status");
        assertThat(other.names()).containsExactly("status");
    }

    @Test
    void aReaderThatIsDroppedWhileItIsSentToEndsNothingForTheOthers() {
        FakeReader slow = new FakeReader();
        FakeReader gone = new FakeReader();
        FakeReader last = new FakeReader();
        List.of(reader, slow, gone, last).forEach(feed::add);
        slow.onSend = () -> {
            slow.isClosed = true; // reads nothing: its connection is closed, and nothing is sent
            slow.closed.forEach(Runnable::run);
        };
        gone.onSend = () -> gone.closed.forEach(Runnable::run); // the write itself fails
        second();
        second();

        assertThat(reader.names()).containsExactly("status", "sample", "sample");
        assertThat(last.names()).containsExactly("status", "sample", "sample");
        assertThat(slow.names()).containsExactly("status");
        assertThat(gone.names()).containsExactly("status", "sample");
    }

    @Test
    void newLinesOfTheLogAreSentAtTheNextTickOldestFirst() {
        lines(0, 2);
        feed.add(reader);
        lines(2, 2);
        reader.sent.clear();
        feed.tick();
        assertThat(reader.sent)
                .containsExactly(
                        "event: event\ndata: {\"at\":\"1970-01-01T00:00:00Z\",\"level\":\"Warn\",\"message\":\"two\\nlines"
                                + " 2\",\"fields\":{}}\n\n",
                        "event: event\ndata: {\"at\":\"1970-01-01T00:00:00Z\",\"level\":\"Warn\",\"message\":\"two\\nlines"
                                + " 3\",\"fields\":{}}\n\n");
        reader.sent.clear();
        feed.tick();
        assertThat(reader.sent).isEmpty();
    }

    @Test
    void linesBeyondABoundAreCounted() {
        feed.add(reader);
        second();
        reader.sent.clear();
        lines(0, LiveFeed.MAX_LINES - 1);
        feed.tick();
        lines(0, 8);
        feed.tick();
        assertThat(reader.sent).hasSize(LiveFeed.MAX_LINES);
        second();
        assertThat(reader.sent.get(LiveFeed.MAX_LINES)).isEqualTo("event: event\ndata: {\"skipped\":7}\n\n");

        reader.sent.clear();
        lines(0, 1);
        second();
        assertThat(reader.names()).containsExactly("event", "sample");
    }

    @Test
    void linesThatTheRingNoLongerHasAreCountedToo() {
        feed.add(reader);
        reader.sent.clear();
        lines(0, RecentEvents.CAPACITY + 3);
        second();
        assertThat(reader.sent.get(LiveFeed.MAX_LINES))
                .isEqualTo("event: event\ndata: {\"skipped\":" + (RecentEvents.CAPACITY + 3 - LiveFeed.MAX_LINES)
                        + "}\n\n");
    }

    private void lines(int first, int count) {
        for (int i = first; i < first + count; i++) {
            events.add(0, Level.WARN, "two\nlines " + i, List.of());
        }
    }

    @Test
    void withoutReadersTheHistoryIsKeptAndNobodyAsksForTheStatus() {
        History history = new History(new NoFigures(), clock, () -> Instant.EPOCH);
        LiveFeed alone = new LiveFeed(
                history,
                () -> {
                    throw new AssertionError("asked for the status");
                },
                events);
        clock.advance(Duration.ofSeconds(1));
        alone.tick();

        assertThat(history.newest(Series.CLIENTS_LIVE)).isZero();
    }

    @Test
    void aFailureIsNotTheEndOfTheFeed() {
        feed.add(reader);
        JsonElement master = status.remove("master");
        clock.advance(Duration.ofSeconds(1));
        feed.tickWhateverFails();
        status.add("master", master);
        clock.advance(Duration.ofSeconds(1));
        feed.tickWhateverFails();

        assertThat(reader.names()).containsExactly("status", "sample");
    }

    private void second() {
        clock.advance(Duration.ofSeconds(1));
        feed.tick();
    }

    private static JsonObject status() {
        JsonObject status = new JsonObject();
        status.addProperty("state", "listening");
        status.addProperty("ready", true);
        status.add("reasons", new JsonArray());
        status.add("listeners", new JsonArray());
        JsonObject master = new JsonObject();
        master.addProperty("connected", true);
        master.addProperty("address", "127.0.0.1:42001");
        status.add("master", master);
        return status;
    }

    private static final class FakeReader implements ResponseStream {
        private final List<String> sent = new ArrayList<>();
        private final List<Runnable> closed = new ArrayList<>();
        private byte[] last = {};
        private boolean isClosed;
        private Runnable onSend = () -> {};

        List<String> names() {
            return sent.stream()
                    .map(event -> event.substring("event: ".length(), event.indexOf('\n')))
                    .toList();
        }

        @Override
        public boolean send(byte[] part) {
            onSend.run();
            if (isClosed) {
                return false;
            }
            last = part;
            sent.add(new String(part, StandardCharsets.UTF_8));
            return true;
        }

        @Override
        public void onClose(Runnable listener) {
            closed.add(listener);
        }

        @Override
        public void close() {
            isClosed = true;
        }
    }

    private static final class NoFigures implements Figures {
        @Override
        public long count(Metric metric) {
            return 0;
        }

        @Override
        public long read(Gauge gauge) {
            return 0;
        }

        @Override
        public long heapUsedBytes() {
            return 0;
        }
    }
}
