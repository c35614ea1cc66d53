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
    static String status(Tally tally, long nowNanos) {
        return format(
                "%5.1f s  sent %,d  received %,d  cut %,d  resumed %,d  saved %,d",
                nowNanos / NANOS_PER_SECOND,
                tally.sentByClients.sum() + tally.sentByBackend.sum(),
                tally.takenByBackend.sum() + tally.takenByClients.sum(),
                tally.cut(),
                tally.resumed(),
                tally.saved());
    }

    /** The line that is shown while servers are killed. */
    static String killStatus(Tally tally, long nowNanos) {
        return format(
                "%5.1f s  sent %,d  received %,d  killed %,d  resumed %,d",
                nowNanos / NANOS_PER_SECOND,
                tally.sentByClients.sum() + tally.sentByBackend.sum(),
                tally.takenByBackend.sum() + tally.takenByClients.sum(),
                tally.kills.sum(),
                tally.resumes.sum());
    }

    /** The table at the end of a demo that killed servers, and the verdict. */
    static List<String> killTable(Tally tally, int clients) {
        List<String> lines = messages(tally, clients);
        row(lines, "killed", tally.kills.sum(), "servers, with -9, amid traffic");
        row(lines, "resumed", tally.resumes.sum(), "sessions, at a process that had not known them");
        latencies(lines, tally);
        lines.add("");
        lines.add(verdict(tally, tally.isPerfectAfterKills(clients)));
        return lines;
    }

    /** The table at the end, and the verdict. */
    static List<String> table(Tally tally, int clients) {
        List<String> lines = messages(tally, clients);
        row(
                lines,
                "cut",
                tally.cut(),
                format(
                        "%,d connections of clients, and %,d of the backend, by resets amid traffic",
                        tally.links.count(), tally.firehoses.count()));
        row(lines, "resumed", tally.resumed(), "");
        row(
                lines,
                "saved",
                tally.saved(),
                "lay in buffers of cut connections: lost, if there were no acknowledgements");
        latencies(lines, tally);
        lines.add("");
        lines.add(verdict(tally, tally.isPerfect(clients)));
        return lines;
    }

    private static void latencies(List<String> lines, Tally tally) {
        lines.add(format(
                "  %-10s p50 %.2f ms   p99 %.2f ms   max %.2f ms",
                "latency", millis(tally, 0.5), millis(tally, 0.99), millis(tally, 1)));
    }

    private static List<String> messages(Tally tally, int clients) {
        List<String> lines = new ArrayList<>();
        long connected = tally.connected.sum();
        lines.add("");
        row(lines, "clients", connected, clients == connected ? "" : "of " + clients);
        row(
                lines,
                "sent",
                tally.sentByClients.sum() + tally.sentByBackend.sum(),
                format("%,d by clients, and %,d by the backend", tally.sentByClients.sum(), tally.sentByBackend.sum()));
        row(
                lines,
                "received",
                tally.takenByBackend.sum() + tally.takenByClients.sum(),
                "each checked by the end that it was for");
        row(lines, "lost", tally.lost(), "");
        row(lines, "twice", tally.twice.sum(), "");
        row(lines, "mixed up", tally.mixedUp.sum(), "");
        return lines;
    }

    private static String verdict(Tally tally, boolean isPerfect) {
        if (tally.firstFailure() != null) {
            return "FAILED: " + tally.failures() + " failures, the first: " + tally.firstFailure();
        }
        return isPerfect ? "Nothing was lost, and nothing came twice." : "FAILED: see the figures above.";
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
