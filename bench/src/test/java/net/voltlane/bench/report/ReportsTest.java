package net.voltlane.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.StringReader;
import java.time.Instant;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import net.voltlane.bench.model.Distribution;
import net.voltlane.bench.model.FaultCounts;
import net.voltlane.bench.model.Figure;
import net.voltlane.bench.model.Figure.Unit;
import net.voltlane.bench.model.Moment;
import net.voltlane.bench.model.Plan;
import net.voltlane.bench.model.Result;
import net.voltlane.bench.model.RunEnvironment;
import net.voltlane.bench.model.Scenario;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ReportsTest {

    private static final String NASTY = "</style><script>alert(\"1\")</script> & 'x' \\ \n\u0001";

    private static Result result(FaultCounts faults) {
        Histogram histogram = new Histogram(100, 3_600_000_000_000L, 3);
        for (int i = 1; i <= 1000; i++) {
            histogram.recordValue(i * 1_000L);
        }
        return new Result(
                Plan.of(Scenario.STALLED),
                new RunEnvironment(
                        Instant.parse("2026-01-02T03:04:05Z"),
                        "0.9.1",
                        "0.9.2",
                        "s",
                        "b",
                        "epoll",
                        "os",
                        NASTY.strip(),
                        2,
                        "jvm"),
                List.of(
                        Figure.of("rate_per_second", "echoes a second", 12_345.678, Unit.PER_SECOND),
                        new Figure("server_resident_bytes", "server's memory", 3 << 20, Unit.BYTES, NASTY),
                        Figure.of("odd", "odd", Double.NaN, Unit.COUNT)),
                List.of(new Distribution("before", histogram), new Distribution("during", new Histogram(3))),
                List.of(
                        new Moment(1, true, "before", 10, 10, 1_000, 2_000, 3_000, 0),
                        new Moment(2, true, "before", 20, 20, 2_000, 4_000, 6_000, 0),
                        new Moment(3, false, "before", 0, 0, 0, 0, 0, 0),
                        new Moment(4, false, "during", 3_000_000, 3_000_000, 5_000, 90_000_000, 99_000_000, 1)),
                faults,
                List.of(NASTY));
    }

    private static final FaultCounts FAULTS = new FaultCounts(1, 2, 3, 4, 5, 6, NASTY);

    @Test
    void theJsonIsWellFormedAndComplete() {
        JsonObject json = JsonParser.parseString(JsonReport.of(result(FAULTS))).getAsJsonObject();

        assertThat(json.keySet())
                .containsExactly(
                        "scenario",
                        "fine",
                        "parameters",
                        "surroundings",
                        "figures",
                        "remarks",
                        "latencies",
                        "faults",
                        "moments",
                        "notes");
        assertThat(json.get("scenario").getAsString()).isEqualTo("stalled");
        assertThat(json.get("fine").getAsBoolean()).isFalse();
        assertThat(json.getAsJsonObject("parameters").get("rate_per_second").getAsInt())
                .isEqualTo(10_000);
        assertThat(json.getAsJsonObject("figures").get("rate_per_second").getAsDouble())
                .isEqualTo(12_345.678);
        assertThat(json.getAsJsonObject("figures").get("odd").isJsonNull()).isTrue();
        assertThat(json.getAsJsonArray("notes").get(0).getAsString()).isEqualTo(NASTY);
        assertThat(json.getAsJsonObject("surroundings").get("bench_version").getAsString())
                .isEqualTo("0.9.1");
        assertThat(json.getAsJsonObject("surroundings").get("server_version").getAsString())
                .isEqualTo("0.9.2");
        JsonObject before = json.getAsJsonArray("latencies").get(0).getAsJsonObject();
        assertThat(before.get("count").getAsInt()).isEqualTo(1000);
        assertThat(before.get("p50_micros").getAsDouble()).isBetween(499.0, 501.0);
        assertThat(before.get("p99_9_micros").getAsDouble()).isBetween(998.0, 1000.0);
        assertThat(before.get("max_micros").getAsDouble()).isBetween(1000.0, 1001.0);
        assertThat(json.getAsJsonArray("moments")).hasSize(4);
        assertThat(json.getAsJsonObject("faults").entrySet().stream()
                        .limit(6)
                        .map(entry -> entry.getValue().getAsInt()))
                .containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(json.getAsJsonObject("faults").get("first").getAsString()).isEqualTo(NASTY);
    }

    @Test
    void aCleanRunIsFineAndHasNoFirstFault() {
        JsonObject json =
                JsonParser.parseString(JsonReport.of(result(FaultCounts.NONE))).getAsJsonObject();

        assertThat(json.get("fine").getAsBoolean()).isTrue();
        assertThat(json.getAsJsonObject("faults").get("first").isJsonNull()).isTrue();
    }

    @Test
    void thePageIsWellFormedAndNeedsNothingFromElsewhere() throws Exception {
        String page = HtmlReport.of(result(FAULTS));

        Document document = parse(page);
        assertThat(page).startsWith("<!doctype html>");
        assertThat(document.getElementsByTagName("svg").getLength()).isEqualTo(3);
        assertThat(document.getElementsByTagName("script").getLength()).isZero();
        assertThat(document.getElementsByTagName("link").getLength()).isZero();
        assertThat(page)
                .doesNotContain("http:", "https:", "url(", "@import", "src=", "href=", "<iframe", "NaN,", ",NaN");
        assertThat(document.getDocumentElement().getTextContent())
                .contains(
                        "12,346/s",
                        "3.00 MiB",
                        "FAILED: 1 lost, 2 reordered",
                        "10,000/s",
                        "by bench 0.9.1; the server's version: 0.9.2.",
                        "before",
                        "during",
                        "warm-up");
    }

    /** A narrow band's name would reach over the axis and its numbers if it stood in the middle. */
    @Test
    void theNameOfABandStandsInsideOfTheChart() throws Exception {
        NodeList texts = parse(HtmlReport.of(result(FAULTS))).getElementsByTagName("text");
        int names = 0;
        for (int i = 0; i < texts.getLength(); i++) {
            Element text = (Element) texts.item(i);
            if (text.getTextContent().equals("warm-up")) {
                names++;
                assertThat(Double.parseDouble(text.getAttribute("x"))).isGreaterThan(66);
                assertThat(text.getAttribute("class")).isEqualTo("name");
            }
        }
        assertThat(names).isEqualTo(2);
        assertThat(HtmlReport.of(result(FAULTS))).doesNotContainPattern("\\.name[^}]*\\{text-anchor:(middle|end)");
    }

    @Test
    void aRunOfWhichNothingCameStillHasAPage() throws Exception {
        Result full = result(FaultCounts.NONE);
        Result empty =
                new Result(full.plan(), full.surroundings(), List.of(), List.of(), List.of(), full.faults(), List.of());

        assertThat(parse(HtmlReport.of(empty)).getElementsByTagName("svg").getLength())
                .isZero();
        assertThat(TextReport.table(empty)).last().asString().startsWith("Nothing was lost");
    }

    @Test
    void theTableNamesEveryFigureAndLatency() {
        String table = String.join("\n", TextReport.table(result(FAULTS)));

        assertThat(table)
                .containsPattern("echoes a second +12,346/s")
                .containsPattern("latency +p50 +p90 +p99 +p99.9 +p99.99 +max +mean")
                .containsPattern("before +500 µs +900 µs")
                .contains(
                        "FAILED: 1 lost, 2 reordered, 3 misrouted, 4 corrupted, 5 links closed, 6 handshakes failed.");
    }

    @Test
    void progressIsOneLine() {
        assertThat(TextReport.progress(result(FAULTS).moments().get(3)))
                .doesNotContain("\n")
                .contains("4 s", "3,000,000/s", "p50   5.00 µs", "p99   90.0 ms", "errors 1", "during");
        assertThat(TextReport.progress(result(FAULTS).moments().get(1))).contains("warm-up", " 2 s");
    }

    private static Document parse(String page) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        // XML spells it so; a browser takes both.
        String xml = page.replaceFirst("<!doctype", "<!DOCTYPE");
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    }
}
