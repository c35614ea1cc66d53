package net.voltlane.bench.report;

import static net.voltlane.bench.report.Texts.format;

import java.util.ArrayList;
import java.util.List;
import net.voltlane.bench.model.Distribution;
import net.voltlane.bench.model.Figure;
import net.voltlane.bench.model.Moment;
import net.voltlane.bench.model.Result;

/** Lines for a terminal. */
public final class TextReport {

    private TextReport() {}

    /** Writes a line of progress. */
    public static String progress(Moment moment) {
        return format(
                "%s%7s  %,12.0f/s  p50 %9s  p99 %9s  errors %,d  %s",
                moment.warmup() ? "warm-up " : "        ",
                format("%d s", Math.round(moment.atSeconds())),
                moment.ratePerSecond(),
                moment.count() == 0 ? "-" : Texts.nanos(moment.p50Nanos()),
                moment.count() == 0 ? "-" : Texts.nanos(moment.p99Nanos()),
                moment.faults(),
                moment.phase());
    }

    /** The table at the end, notes and the verdict. */
    public static List<String> table(Result result) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        for (Figure figure : result.figures()) {
            lines.add(format("  %-24s %16s  %s", figure.label(), Texts.figure(figure), figure.remark())
                    .stripTrailing());
        }
        lines.add("");
        lines.add(header());
        for (Distribution distribution : result.distributions()) {
            lines.add(row(distribution));
        }
        lines.add("");
        result.notes().forEach(lines::add);
        lines.add(Texts.verdict(result));
        return lines;
    }

    private static String header() {
        StringBuilder line = new StringBuilder(format("  %-12s", "latency"));
        for (Percentiles each : Percentiles.ALL) {
            line.append(format(" %9s", each.label()));
        }
        return line.append(format(" %9s", "mean")).toString();
    }

    private static String row(Distribution distribution) {
        StringBuilder line = new StringBuilder(format("  %-12s", distribution.name()));
        for (Percentiles each : Percentiles.ALL) {
            line.append(format(" %9s", Texts.nanos(distribution.histogram().getValueAtPercentile(each.percentile()))));
        }
        return line.append(format(" %9s", Texts.nanos(distribution.histogram().getMean())))
                .toString();
    }
}
