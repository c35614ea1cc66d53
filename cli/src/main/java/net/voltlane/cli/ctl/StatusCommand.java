package net.voltlane.cli.ctl;

import java.util.ArrayList;
import java.util.List;
import net.voltlane.cli.ctl.client.ApiClient;
import net.voltlane.cli.ctl.client.ApiClient.Answer;
import net.voltlane.cli.ctl.client.ApiException;
import net.voltlane.cli.ctl.client.Doc;
import net.voltlane.cli.ctl.text.Figures;
import picocli.CommandLine.Command;

/** {@code voltlane ctl status}: the state of the server on one page. */
@Command(name = "status", description = "Show the state of the server, its master, and what it holds.")
final class StatusCommand extends ServerAction {

    @Override
    Answer ask(ApiClient api) throws ApiException {
        return api.get("status");
    }

    @Override
    List<String> words(Doc status) {
        List<String> lines = new ArrayList<>();
        lines.add("Voltlane " + status.text("version") + " on Java " + status.text("java") + ", process "
                + status.text("processId"));
        row(lines, "State", state(status));
        row(
                lines,
                "Up",
                Figures.duration(status.numberOrZero("uptimeSeconds")) + ", since "
                        + status.text("startedAt").replaceFirst("\\.[0-9]+Z$", "Z"));
        row(lines, "Clients", String.join(", ", status.texts("listeners")));
        row(lines, "Key", status.text("key"));
        row(lines, "Master", master(status));
        row(lines, "Queue", queue(status, "master.queue") + " wait for the master");
        row(
                lines,
                "Sessions",
                count(status, "sessions.live") + " live, " + count(status, "sessions.slow") + " slow, "
                        + of(count(status, "sessions.stale"), status, "sessions.staleLimit") + " stale");
        row(
                lines,
                "Connections",
                of(count(status, "connections.open"), status, "connections.limit") + " open, "
                        + count(status, "connections.handshakes") + " in their handshake");
        row(
                lines,
                "Memory",
                bytes(status, "memory.heldBytes") + " of " + bytes(status, "memory.heldBytesLimit")
                        + " held for peers, " + bytes(status, "memory.keptBytes") + " of it kept for clients; heap "
                        + bytes(status, "memory.heapUsedBytes") + " of "
                        + bytes(status, "memory.heapMaxBytes"));
        row(lines, "Loop lag", Figures.duration(status.numberOrZero("loopLagSeconds")));
        return lines;
    }

    private static String state(Doc status) {
        StringBuilder state = new StringBuilder(status.text("state"));
        List<String> reasons = status.texts("reasons");
        state.append(status.is("ready") ? ", ready" : ", not ready");
        if (!reasons.isEmpty()) {
            state.append(": ").append(String.join("; ", reasons));
        }
        Doc drain = status.at("drain");
        if (drain != null) {
            state.append("; ends in ").append(Figures.duration(drain.numberOrZero("endsInSeconds")));
            state.append(", ").append(count(drain, "sessionsLeft")).append(" sessions left");
        }
        return state.toString();
    }

    private static String master(Doc status) {
        return status.text("master.address") + ", firehose " + status.text("master.firehose")
                + (status.is("master.connected") ? ", connected" : ", NOT CONNECTED")
                + (status.is("master.clientsHeld") ? ", clients are held back" : "")
                + (status.is("master.firehosePaused") ? ", not read from" : "")
                + "; losses " + count(status, "master.losses") + ", failed dials "
                + count(status, "master.failedDials");
    }

    /** A queue against its bounds. */
    static String queue(Doc doc, String path) {
        return count(doc, path + ".packets") + " of " + count(doc, path + ".maxPackets") + " packets, "
                + bytes(doc, path + ".bytes") + " of " + bytes(doc, path + ".maxBytes");
    }

    private static String of(String figure, Doc doc, String limit) {
        return doc.number(limit) == null ? figure : figure + " of " + count(doc, limit);
    }

    /** The number at a path, or {@code -}. */
    static String count(Doc doc, String path) {
        Double number = doc.number(path);
        return number == null ? "-" : Figures.count(number);
    }

    /** The amount of bytes at a path, or {@code -}. */
    static String bytes(Doc doc, String path) {
        Double number = doc.number(path);
        return number == null ? "-" : Figures.bytes(number);
    }

    /** Adds a line with a name and its value. */
    static void row(List<String> lines, String name, String value) {
        lines.add(String.format("%-12s %s", name, value));
    }
}
