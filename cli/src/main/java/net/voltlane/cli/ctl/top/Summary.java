package net.voltlane.cli.ctl.top;

import java.util.ArrayList;
import java.util.List;
import net.voltlane.cli.ctl.client.Doc;
import net.voltlane.cli.ctl.text.Figures;
import net.voltlane.cli.ctl.text.Sparkline;
import net.voltlane.cli.ctl.top.Line.Style;
import org.jspecify.annotations.Nullable;

/** The upper part of the screen: the state of the whole server, in lines with a label each. */
final class Summary {
    private static final int LABEL = 9;
    private static final String SEPARATOR = ", ";

    private final List<Line> lines = new ArrayList<>();
    private final Sample sample;
    private final Doc status;
    private final int columns;

    private Summary(Sample sample, int columns) {
        this.sample = sample;
        this.status = sample.status();
        this.columns = columns;
    }

    /** @param ascii whether the terminal lacks Unicode's bars */
    static List<Line> of(Sample sample, int columns, boolean ascii) {
        Summary summary = new Summary(sample, columns);
        summary.state();
        summary.figures();
        summary.sparkline(ascii);
        return summary.lines;
    }

    private void state() {
        boolean ready = status.is("ready");
        List<String> parts = new ArrayList<>();
        parts.add(status.text("state"));
        parts.add(ready ? "ready" : "NOT READY");
        parts.addAll(status.texts("reasons"));
        Doc drain = status.at("drain");
        if (drain != null) {
            parts.add("ends in " + Figures.duration(drain.numberOrZero("endsInSeconds")));
            parts.add(count("drain.sessionsLeft") + " sessions left");
        }
        add("State", ready ? Style.PLAIN : Style.ALERT, parts);
        boolean connected = status.is("master.connected");
        add(
                "Master",
                connected ? Style.PLAIN : Style.ALERT,
                List.of(
                        status.text("master.address") + (connected ? " connected" : " NOT CONNECTED"),
                        "queue " + count("master.queue.packets") + " of " + count("master.queue.maxPackets")
                                + " packets",
                        bytes("master.queue.bytes") + " of " + bytes("master.queue.maxBytes")));
    }

    private void figures() {
        add(
                "Sessions",
                Style.PLAIN,
                List.of(
                        count("sessions.live") + " live",
                        count("sessions.slow") + " slow",
                        count("sessions.stale") + of("sessions.staleLimit") + " stale",
                        count("connections.open") + of("connections.limit") + " connections"));
        add(
                "Memory",
                Style.PLAIN,
                List.of(
                        bytes("memory.heldBytes") + " of " + bytes("memory.heldBytesLimit") + " held",
                        "heap " + bytes("memory.heapUsedBytes") + " of " + bytes("memory.heapMaxBytes"),
                        "loop lag " + Figures.duration(status.numberOrZero("loopLagSeconds"))));
        add(
                "Traffic",
                Style.PLAIN,
                List.of(
                        rate("packetsUp") + " packets/s up",
                        rate("packetsDown") + " down",
                        byteRate("bytesUp") + "/s up",
                        byteRate("bytesDown") + "/s down"));
    }

    private void sparkline(boolean ascii) {
        List<@Nullable Double> packets = sum(sample.column("packetsUp"), sample.column("packetsDown"));
        int width = Math.max(0, columns - LABEL);
        List<@Nullable Double> shown = packets.subList(Math.max(0, packets.size() - width), packets.size());
        String max = " max " + Figures.count(Sparkline.max(shown)) + "/s";
        int bars = Math.max(0, width - max.length());
        if (!packets.isEmpty()) {
            String line = String.format("%-" + LABEL + "s", "Packets") + Sparkline.of(packets, bars, ascii) + max;
            lines.add(new Line(cut(line, columns), Style.PLAIN));
        }
    }

    private static List<@Nullable Double> sum(List<@Nullable Double> one, List<@Nullable Double> other) {
        List<@Nullable Double> sums = new ArrayList<>();
        for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
            Double a = one.get(i);
            Double b = other.get(i);
            sums.add(a == null || b == null ? null : (Double) (a + b));
        }
        return sums;
    }

    /** Adds a label and its parts, on as many lines as they need. */
    private void add(String label, Style style, List<String> parts) {
        StringBuilder line = new StringBuilder(String.format("%-" + LABEL + "s", label));
        boolean isFirst = true;
        for (String part : parts) {
            if (!isFirst && line.length() + SEPARATOR.length() + part.length() > columns) {
                lines.add(new Line(cut(line.toString(), columns), style));
                line = new StringBuilder(" ".repeat(LABEL));
                isFirst = true;
            }
            line.append(isFirst ? "" : SEPARATOR).append(part);
            isFirst = false;
        }
        lines.add(new Line(cut(line.toString(), columns), style));
    }

    /** Text that is not longer than {@code columns}. */
    static String cut(String text, int columns) {
        return text.length() <= columns ? text : text.substring(0, Math.max(0, columns));
    }

    private String count(String path) {
        Double number = status.number(path);
        return number == null ? "-" : Figures.count(number);
    }

    private String of(String limit) {
        return status.number(limit) == null ? "" : " of " + count(limit);
    }

    private String bytes(String path) {
        Double number = status.number(path);
        return number == null ? "-" : Figures.bytes(number);
    }

    private String rate(String column) {
        Double latest = sample.latest(column);
        return latest == null ? "-" : Figures.count(latest);
    }

    private String byteRate(String column) {
        Double latest = sample.latest(column);
        return latest == null ? "-" : Figures.bytes(latest);
    }
}
