package net.voltlane.cli.ctl.top;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.voltlane.cli.ctl.FakeAdmin;
import net.voltlane.cli.ctl.client.Doc;
import net.voltlane.cli.ctl.top.Line.Style;
import net.voltlane.cli.ctl.top.Picture.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The view on grids of fixed sizes. */
class PictureTest {
    private final View view = new View("127.0.0.1:42002");

    @Test
    void aUsualTerminalHasEverythingAtAGlance() {
        view.polled(sample(FakeAdmin.STATUS, 30));

        assertThat(texts(24, 80))
                .containsExactly(
                        "Voltlane 0.1.0 127.0.0.1:42002                                          up 3 min",
                        "State    listening, ready",
                        "Master   127.0.0.1:42001 connected, queue 3 of 1,024 packets, 1.5 KiB of 8.0 MiB",
                        "Sessions 1,812 live, 3 slow, 12 of 1,000 stale, 1,815 of 2,000 connections",
                        "Memory   12 MiB of 64 MiB held, heap 40 MiB of 256 MiB, loop lag 4 ms",
                        "Traffic  812 packets/s up, 1,624 down, 1.2 MiB/s up, 2.4 MiB/s down",
                        "Packets  ▁▄█ ▅ max 4,873/s",
                        "The slowest sessions, 1 to 6 of 30",
                        "ID               STATE    WAITING     UP/s   DOWN/s CLIENT",
                        "9007199254740911 slow    1023 KiB 1000 KiB  1.0 MiB 192.0.2.1:65535",
                        "9007199254740912 live     512 KiB 1000 KiB  1.0 MiB 192.0.2.2:65535",
                        "9007199254740913 live     341 KiB 1000 KiB  1.0 MiB 192.0.2.3:65535",
                        "9007199254740914 live     256 KiB 1000 KiB  1.0 MiB 192.0.2.4:65535",
                        "9007199254740915 live     205 KiB 1000 KiB  1.0 MiB 192.0.2.5:65535",
                        "9007199254740916 live     171 KiB 1000 KiB  1.0 MiB 192.0.2.6:65535",
                        "The noisiest sessions, 1 to 6 of 30",
                        "ID               STATE    WAITING     UP/s   DOWN/s CLIENT",
                        "9007199254740911 slow    1023 KiB 1000 KiB  1.0 MiB 192.0.2.1:65535",
                        "9007199254740912 live     512 KiB 1000 KiB  1.0 MiB 192.0.2.2:65535",
                        "9007199254740913 live     341 KiB 1000 KiB  1.0 MiB 192.0.2.3:65535",
                        "9007199254740914 live     256 KiB 1000 KiB  1.0 MiB 192.0.2.4:65535",
                        "9007199254740915 live     205 KiB 1000 KiB  1.0 MiB 192.0.2.5:65535",
                        "9007199254740916 live     171 KiB 1000 KiB  1.0 MiB 192.0.2.6:65535",
                        "q quit, s sort, p pause, arrows scroll");
    }

    @Test
    void aSmallTerminalWrapsTheFiguresAndLeavesColumnsOut() {
        view.polled(sample(FakeAdmin.STATUS, 30));

        assertThat(texts(20, 40))
                .containsExactly(
                        "Voltlane 0.1.0 127.0.0.1:42002  up 3 min",
                        "State    listening, ready",
                        "Master   127.0.0.1:42001 connected",
                        "         queue 3 of 1,024 packets",
                        "         1.5 KiB of 8.0 MiB",
                        "Sessions 1,812 live, 3 slow",
                        "         12 of 1,000 stale",
                        "         1,815 of 2,000 connections",
                        "Memory   12 MiB of 64 MiB held",
                        "         heap 40 MiB of 256 MiB",
                        "         loop lag 4 ms",
                        "Traffic  812 packets/s up, 1,624 down",
                        "         1.2 MiB/s up, 2.4 MiB/s down",
                        "Packets  ▁▄█ ▅ max 4,873/s",
                        "The slowest sessions, 1 to 3 of 30",
                        "ID               STATE    WAITING",
                        "9007199254740911 slow    1023 KiB",
                        "9007199254740912 live     512 KiB",
                        "9007199254740913 live     341 KiB",
                        "q quit, s sort, p pause, arrows scroll");
    }

    @Test
    void aLargeTerminalHasTwoListsAndAllColumns() {
        view.polled(sample(FakeAdmin.STATUS, 30));

        List<String> texts = texts(50, 200);

        assertThat(texts).hasSize(50);
        assertThat(texts.get(7)).isEqualTo("The slowest sessions, 1 to 19 of 30");
        assertThat(texts.get(8)).isEqualTo("ID               STATE           AGE  WAITING     UP/s   DOWN/s CLIENT");
        assertThat(texts.get(9))
                .isEqualTo("9007199254740911 slow    23 h 59 min 1023 KiB 1000 KiB  1.0 MiB 192.0.2.1:65535");
        assertThat(texts.get(28)).isEqualTo("The noisiest sessions, 1 to 19 of 30");
    }

    @ParameterizedTest
    @CsvSource({"1,1", "1,80", "2,10", "5,3", "20,40", "24,80", "50,200", "9999,9999"})
    void itFillsAnyScreenExactly(int rows, int columns) {
        view.polled(sample(FakeAdmin.STATUS.replace("listening", "x".repeat(500)), 30));
        view.failed("y".repeat(500));

        List<Line> lines = Picture.of(view, new Size(rows, columns), true);

        assertThat(lines).hasSize(rows).allMatch(line -> line.text().length() <= columns);
        assertThat(lines)
                .filteredOn(line -> line.style() == Style.BAR)
                .allMatch(line -> line.text().length() == columns);
    }

    @Test
    void theArrowsScrollToTheEndAndNotBeyond() {
        view.polled(sample(FakeAdmin.STATUS, 30));
        for (int i = 0; i < 100; i++) {
            view.pressed(Key.DOWN);
        }
        assertThat(texts(24, 80))
                .contains("The slowest sessions, 25 to 30 of 30")
                .element(14)
                .asString()
                .startsWith("9007199254740940");

        view.pressed(Key.UP);
        assertThat(texts(24, 80)).contains("The slowest sessions, 24 to 29 of 30");

        view.pressed(Key.SORT);
        assertThat(texts(24, 80)).contains("The noisiest sessions, 1 to 6 of 30");
    }

    @Test
    void aPausedViewKeepsItsFigures() {
        view.polled(sample(FakeAdmin.STATUS, 1));
        view.pressed(Key.PAUSE);
        view.polled(sample(FakeAdmin.STATUS.replace("listening", "draining"), 1));
        assertThat(texts(24, 80).get(0)).endsWith("PAUSED");
        assertThat(texts(24, 80)).contains("State    listening, ready");

        view.pressed(Key.PAUSE);
        view.polled(sample(FakeAdmin.STATUS.replace("listening", "draining"), 1));
        assertThat(texts(24, 80)).contains("State    draining, ready");
    }

    @Test
    void aServerThatIsGoneIsSaidToBeUnderTheLastFigures() {
        view.polled(sample(FakeAdmin.STATUS, 1));
        view.failed("connection refused");
        assertThat(Picture.of(view, new Size(24, 80), false).get(1))
                .isEqualTo(new Line("connection refused", Style.ALERT));
        assertThat(texts(24, 80)).contains("State    listening, ready");

        view.polled(sample(FakeAdmin.STATUS, 1));
        assertThat(texts(24, 80)).doesNotContain("connection refused");
    }

    @Test
    void troubleStandsOut() {
        view.polled(sample(
                FakeAdmin.STATUS
                        .replace(
                                "\"ready\":true,\"reasons\":[]",
                                "\"ready\":false,\"reasons\":[\"the master is not connected\"]")
                        .replace("\"connected\":true", "\"connected\":false"),
                0));

        assertThat(Picture.of(view, new Size(24, 80), false))
                .contains(
                        new Line("State    listening, NOT READY, the master is not connected", Style.ALERT),
                        new Line("Master   127.0.0.1:42001 NOT CONNECTED, queue 3 of 1,024 packets", Style.ALERT));
    }

    @Test
    void aServerWithoutAPastHasNoBars() {
        view.polled(new Sample(doc("{}"), null, Map.of()));

        assertThat(texts(24, 80))
                .contains("Traffic  - packets/s up, - down, -/s up, -/s down")
                .noneMatch(line -> line.startsWith("Packets"));
    }

    private List<String> texts(int rows, int columns) {
        return Picture.of(view, new Size(rows, columns), false).stream()
                .map(line -> line.text().stripTrailing())
                .toList();
    }

    private static Sample sample(String status, int sessions) {
        List<SessionRow> rows = new ArrayList<>();
        for (int i = 1; i <= sessions; i++) {
            rows.add(new SessionRow(
                    "90071992547409" + (10 + i),
                    i == 1 ? "slow" : "live",
                    86_340,
                    1_048_000.0 / i,
                    1_024_000,
                    1_048_576,
                    "192.0.2." + i + ":65535"));
        }
        return new Sample(
                doc(status),
                doc("{\"packetsUp\":[0,500,1624.4,null,812.2],\"packetsDown\":[0,1000,3248.8,null,1624.4],"
                        + "\"bytesUp\":[1,1258291],\"bytesDown\":[2,2516582,null]}"),
                Map.of(Order.SLOWEST, rows, Order.NOISIEST, rows));
    }

    private static Doc doc(String json) {
        return new Doc(JsonParser.parseString(json).getAsJsonObject());
    }
}
