package net.voltlane.bench.report;

import static net.voltlane.bench.report.Texts.format;

import java.util.List;

/**
 * Lines over a grid, as SVG. Colours and type are the page's, by class names, so that one drawing serves light, dark
 * and paper.
 *
 * @param title what it shows
 * @param x to the right
 * @param y upwards
 * @param lines at most four, which is how many colours there are
 * @param bands stretches of {@code x} that are shaded and named
 */
record Chart(String title, Axis x, Axis y, List<Line> lines, List<Band> bands) {

    /** Points in order, {@code x} and {@code y} of the same length. */
    record Line(String name, double[] x, double[] y) {}

    /** A stretch. */
    record Band(String name, double from, double to) {}

    private static final int WIDTH = 760;
    private static final int HEIGHT = 228;
    private static final int LEFT = 66;
    private static final int RIGHT = 30;
    private static final int TOP = 12;
    private static final int BOTTOM = 26;

    String svg() {
        StringBuilder out = new StringBuilder();
        out.append(format(
                "<figure><figcaption>%s%s</figcaption>\n<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n",
                Html.text(title), legend(), WIDTH, HEIGHT, Html.text(title)));
        bands.forEach(band -> out.append(band(band)));
        grid(out);
        for (int i = 0; i < lines.size(); i++) {
            out.append(line(lines.get(i), i));
        }
        return out.append("</svg></figure>\n").toString();
    }

    private String legend() {
        if (lines.size() < 2) {
            return "";
        }
        StringBuilder legend = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            legend.append(format(
                    "<span class=\"key k%d\">%s</span>",
                    i, Html.text(lines.get(i).name())));
        }
        return legend.toString();
    }

    private void grid(StringBuilder out) {
        for (Axis.Tick tick : y.ticks()) {
            double at = up(tick.value());
            out.append(format(
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                            + "<text class=\"left\" x=\"%d\" y=\"%.1f\">%s</text>\n",
                    LEFT, WIDTH - RIGHT, at, at, LEFT - 8, at + 4, Html.text(tick.label())));
        }
        for (Axis.Tick tick : x.ticks()) {
            double at = right(tick.value());
            out.append(format(
                    "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>"
                            + "<text class=\"below\" x=\"%.1f\" y=\"%d\">%s</text>\n",
                    at, at, TOP, HEIGHT - BOTTOM, at, HEIGHT - BOTTOM + 18, Html.text(tick.label())));
        }
    }

    private String band(Band band) {
        double from = right(band.from());
        double to = right(band.to());
        return format(
                "<rect class=\"band\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>"
                        + "<text class=\"name\" x=\"%.1f\" y=\"%d\">%s</text>\n",
                from, TOP, Math.max(0, to - from), HEIGHT - TOP - BOTTOM, from + 6, TOP + 14, Html.text(band.name()));
    }

    private String line(Line line, int colour) {
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < line.x().length; i++) {
            points.append(format("%s%.1f,%.1f", i == 0 ? "" : " ", right(line.x()[i]), up(line.y()[i])));
        }
        return format("<polyline class=\"line k%d\" points=\"%s\"/>\n", colour, points);
    }

    private double right(double value) {
        return LEFT + x.place(value) * (WIDTH - LEFT - RIGHT);
    }

    private double up(double value) {
        return HEIGHT - BOTTOM - y.place(value) * (HEIGHT - TOP - BOTTOM);
    }
}
