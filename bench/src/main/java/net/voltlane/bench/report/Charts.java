package net.voltlane.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import net.voltlane.bench.model.Distribution;
import net.voltlane.bench.model.Moment;
import net.voltlane.bench.model.Result;
import org.HdrHistogram.Histogram;

/** The charts of a result. */
final class Charts {

    private static final int MARKS_ACROSS = 10;
    private static final int MARKS_UP = 5;
    private static final double POINTS_PER_NINE = 40;
    private static final double MILLION = 1e6;
    private static final double THOUSAND = 1e3;
    private static final double PERCENT = 100;

    private Charts() {}

    /** As far as there is something to draw. */
    static List<Chart> of(Result result) {
        List<Chart> charts = new ArrayList<>();
        List<Distribution> filled = result.distributions().stream()
                .filter(distribution -> distribution.histogram().getTotalCount() > 0)
                .toList();
        if (!filled.isEmpty()) {
            charts.add(byPercentile(filled));
        }
        List<Moment> moments = result.moments();
        List<Moment> alive =
                moments.stream().filter(moment -> moment.count() > 0).toList();
        if (alive.size() > 1) {
            charts.add(rate(moments));
            charts.add(latency(moments, alive));
        }
        return charts;
    }

    private static Chart byPercentile(List<Distribution> distributions) {
        double count = 0;
        double min = Double.MAX_VALUE;
        double max = 0;
        List<Chart.Line> lines = new ArrayList<>();
        for (Distribution distribution : distributions) {
            Histogram histogram = distribution.histogram();
            lines.add(curve(distribution.name(), histogram));
            count = Math.max(count, histogram.getTotalCount());
            min = Math.min(min, histogram.getMinNonZeroValue());
            max = Math.max(max, histogram.getMaxValue());
        }
        return new Chart(
                "Latency by percentile", Axis.nines(count), Axis.logarithmic(min, max, Texts::tick), lines, List.of());
    }

    /** Draws a point for each step of the axis, as far as there are values. */
    private static Chart.Line curve(String name, Histogram histogram) {
        int points = 1 + (int) Math.ceil(POINTS_PER_NINE * Math.log10(Math.max(10, histogram.getTotalCount())));
        double[] x = new double[points];
        double[] y = new double[points];
        for (int i = 0; i < points; i++) {
            x[i] = Math.pow(10, i / POINTS_PER_NINE);
            y[i] = histogram.getValueAtPercentile(PERCENT * (1 - 1 / x[i]));
        }
        return new Chart.Line(name, x, y);
    }

    private static Chart rate(List<Moment> moments) {
        double max = moments.stream().mapToDouble(Moment::ratePerSecond).max().orElse(1);
        return new Chart(
                "Rate over time, per second",
                time(moments),
                Axis.rounded(max, MARKS_UP, Charts::rateLabel),
                List.of(line("rate", moments, Moment::ratePerSecond)),
                bands(moments));
    }

    private static Chart latency(List<Moment> moments, List<Moment> alive) {
        double min = alive.stream().mapToDouble(Moment::p50Nanos).min().orElse(1);
        double max = alive.stream().mapToDouble(Moment::p99Nanos).max().orElse(1);
        return new Chart(
                "Latency over time",
                time(moments),
                Axis.logarithmic(min, max, Texts::tick),
                List.of(line("p50", alive, Moment::p50Nanos), line("p99", alive, Moment::p99Nanos)),
                bands(moments));
    }

    private static Axis time(List<Moment> moments) {
        return Axis.linear(
                0,
                moments.get(moments.size() - 1).atSeconds(),
                MARKS_ACROSS,
                seconds -> Texts.format(seconds == Math.rint(seconds) ? "%.0f s" : "%.1f s", seconds + 0.0));
    }

    private static Chart.Line line(String name, List<Moment> moments, ToDoubleFunction<Moment> value) {
        return new Chart.Line(
                name,
                moments.stream().mapToDouble(Moment::atSeconds).toArray(),
                moments.stream().mapToDouble(value).toArray());
    }

    /** The warm-up, and what is not the first phase. */
    private static List<Chart.Band> bands(List<Moment> moments) {
        List<Chart.Band> bands = new ArrayList<>();
        moments.stream()
                .filter(Moment::warmup)
                .reduce((earlier, later) -> later)
                .ifPresent(last -> bands.add(new Chart.Band("warm-up", 0, last.atSeconds())));
        String first = moments.get(0).phase();
        double before = 0;
        for (Moment moment : moments) {
            if (!moment.phase().equals(first)) {
                bands.add(new Chart.Band(
                        moment.phase(), before, moments.get(moments.size() - 1).atSeconds()));
                break;
            }
            before = moment.atSeconds();
        }
        return bands;
    }

    private static String rateLabel(double rate) {
        if (rate >= MILLION) {
            return Texts.plain(rate / MILLION) + " M";
        }
        return rate >= THOUSAND ? Texts.plain(rate / THOUSAND) + " k" : Texts.plain(rate);
    }
}
