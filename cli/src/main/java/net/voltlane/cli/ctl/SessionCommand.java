package net.voltlane.cli.ctl;

import static net.voltlane.cli.ctl.StatusCommand.bytes;
import static net.voltlane.cli.ctl.StatusCommand.count;
import static net.voltlane.cli.ctl.StatusCommand.row;

import java.util.ArrayList;
import java.util.List;
import net.voltlane.cli.ctl.client.ApiClient;
import net.voltlane.cli.ctl.client.ApiClient.Answer;
import net.voltlane.cli.ctl.client.ApiException;
import net.voltlane.cli.ctl.client.Doc;
import net.voltlane.cli.ctl.client.SessionDoc;
import net.voltlane.cli.ctl.text.Figures;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code voltlane ctl session ID}: everything about one session. */
@Command(name = "session", description = "Show one session: state, queues with their bounds, counters and ages.")
final class SessionCommand extends ServerAction {
    @Parameters(paramLabel = "ID", converter = SessionId.class, description = "Id of the session, such as 42.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String id;

    @Override
    Answer ask(ApiClient api) throws ApiException {
        return api.get("sessions/" + id);
    }

    @Override
    List<String> words(Doc session) {
        List<String> lines = new ArrayList<>();
        row(lines, "Session", session.text("id"));
        row(lines, "State", state(session));
        row(
                lines,
                "Client",
                new SessionDoc(session).client() + via(session) + ", protocol " + session.text("protocol"));
        row(
                lines,
                "Age",
                Figures.duration(session.numberOrZero("ageSeconds")) + ", resumed " + count(session, "resumes")
                        + " times");
        if (session.at("queue") != null) {
            row(lines, "Queue", StatusCommand.queue(session, "queue"));
        }
        if (session.at("missed") != null) {
            row(lines, "Missed", StatusCommand.queue(session, "missed"));
        }
        if (session.number("silentForSeconds") != null) {
            row(lines, "Silent", "for " + Figures.duration(session.numberOrZero("silentForSeconds")));
        }
        row(lines, "Up", count(session, "packetsUp") + " packets, " + bytes(session, "bytesUp"));
        row(lines, "Down", count(session, "packetsDown") + " packets, " + bytes(session, "bytesDown"));
        return lines;
    }

    /** The transport of its link, if it has one. */
    private static String via(Doc session) {
        String transport = session.text("transport", "");
        return transport.isEmpty() ? "" : " via " + transport;
    }

    private static String state(Doc session) {
        Double lost = session.number("lostForSeconds");
        return session.text("state")
                + (session.is("slow") ? ", slow to read" : "")
                + (session.is("blocking") ? ", holds up all others" : "")
                + (lost == null ? "" : ", without a connection for " + Figures.duration(lost));
    }
}
