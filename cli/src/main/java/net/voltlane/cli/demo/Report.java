package net.voltlane.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Figures as text. */
final class Report {

    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;

    private Report() {}

    /** The line that is shown while the demo runs. */
    static String status(Tally tally, long away, long nowNanos) {
        return format(
                "%5.1f s  online %,d  sent %,d  echoed %,d  resumed %,d  caught up %,d",
                nowNanos / NANOS_PER_SECOND,
                tally.connected - away,
                tally.sent,
                tally.echoed,
                tally.resumed,
                tally.newsMissedAndCaughtUp);
    }

    /** The table at the end, and the verdict. */
    static List<String> table(Tally tally, int clients) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        row(lines, "clients", tally.connected, clients == tally.connected ? "" : "of " + clients);
        row(
                lines,
                "sent",
                tally.sent,
                "by clients, and " + format("%,d", tally.newsSent) + " by the backend on its own");
        row(lines, "echoed", tally.echoed, "each to the client that sent it, in order");
        row(lines, "lost", tally.lost, "");
        row(lines, "mixed up", tally.mixedUp, "");
        row(lines, "cut off", tally.cutOff, "clients, while the backend went on sending to them");
        row(
                lines,
                "resumed",
                tally.resumed,
                "under their own id, and caught up on " + format("%,d", tally.newsMissedAndCaughtUp) + " messages");
        lines.add(format(
                "  %-10s p50 %.2f ms   p99 %.2f ms   max %.2f ms",
                "latency", millis(tally, 0.5), millis(tally, 0.99), millis(tally, 1)));
        lines.add("");
        if (tally.firstFailure() != null) {
            lines.add("FAILED: " + tally.failures() + " failures, the first: " + tally.firstFailure());
        } else if (tally.isPerfect(clients)) {
            lines.add("Nothing was lost or mixed up.");
        } else {
            lines.add("FAILED: see the figures above.");
        }
        return lines;
    }

    /** A whole number with its thousands parted. */
    static String count(long number) {
        return format("%,d", number);
    }

    private static void row(List<String> lines, String name, long figure, String remark) {
        lines.add(format("  %-10s %,9d  %s", name, figure, remark).stripTrailing());
    }

    private static double millis(Tally tally, double share) {
        return tally.latencyNanos(share) / NANOS_PER_MILLI;
    }

    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
