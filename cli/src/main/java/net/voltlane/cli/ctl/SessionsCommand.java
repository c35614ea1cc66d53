package net.voltlane.cli.ctl;

import java.util.ArrayList;
import java.util.List;
import net.voltlane.cli.ctl.client.ApiClient;
import net.voltlane.cli.ctl.client.ApiClient.Answer;
import net.voltlane.cli.ctl.client.ApiException;
import net.voltlane.cli.ctl.client.Doc;
import net.voltlane.cli.ctl.client.SessionDoc;
import net.voltlane.cli.ctl.text.Figures;
import net.voltlane.cli.ctl.text.Table;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code voltlane ctl sessions}: a list of sessions. */
@Command(
        name = "sessions",
        description = "List sessions: id, state, age, bytes that wait for the client, payload both ways, and address.",
        sortOptions = false)
final class SessionsCommand extends ServerAction {
    @Option(
            names = "--state",
            paramLabel = "STATE",
            completionCandidates = Words.States.class,
            description = "Only sessions in this state: ${COMPLETION-CANDIDATES}.")
    private @Nullable String state;

    @Option(
            names = "--client",
            paramLabel = "IP",
            description = "Only clients of this address or network, such as 192.0.2.7 or 2001:db8::/32.")
    private @Nullable String client;

    @Option(names = "--slow", description = "Only clients that read too slowly.")
    private boolean slow;

    @Option(
            names = "--sort",
            paramLabel = "ORDER",
            completionCandidates = Words.Orders.class,
            description =
                    "${COMPLETION-CANDIDATES}: the oldest first (default), the newest, the most bytes waiting, or the"
                            + " most payload per second of its life.")
    private @Nullable String sort;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "List at most this many. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--all", description = "List all, however many there are.")
    private boolean all;

    @Override
    Answer ask(ApiClient api) throws ApiException {
        return Pages.all(api, "sessions", query(), "sessions", all ? Integer.MAX_VALUE : limit);
    }

    private String query() {
        if (limit < 1) {
            throw invalid("option '--limit'", limit, "a whole number from 1");
        }
        StringBuilder query = new StringBuilder();
        if (state != null) {
            query.append("&state=").append(Words.oneOf(this, "option '--state'", state, Words.STATES));
        }
        if (client != null) {
            query.append("&address=").append(Pages.encoded(client));
        }
        if (slow) {
            query.append("&slow=true");
        }
        if (sort != null) {
            query.append("&sort=").append(Words.order(this, sort));
        }
        return query.toString();
    }

    @Override
    List<String> words(Doc answer) {
        // The address comes last: it alone has no fixed width, and the rest fits 80 columns with any IPv4 address.
        Table table = new Table("ID", "STATE", ">AGE", ">WAITING", ">TRAFFIC", "CLIENT");
        for (Doc doc : answer.list("sessions")) {
            SessionDoc session = new SessionDoc(doc);
            table.row(
                    session.id(),
                    session.state(),
                    Figures.duration(session.ageSeconds()),
                    Figures.bytes(session.waiting()),
                    Figures.bytes(doc.numberOrZero("bytesUp") + doc.numberOrZero("bytesDown")),
                    session.client());
        }
        if (table.isEmpty()) {
            return List.of("No sessions.");
        }
        List<String> lines = new ArrayList<>(table.lines());
        if (!answer.text("next", "").isEmpty()) {
            lines.add("There are more: list them with --limit N or --all.");
        }
        return lines;
    }
}
