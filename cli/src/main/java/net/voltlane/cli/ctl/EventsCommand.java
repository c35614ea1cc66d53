package net.voltlane.cli.ctl;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.voltlane.admin.events.RecentEvents;
import net.voltlane.cli.ctl.client.ApiClient;
import net.voltlane.cli.ctl.client.ApiClient.Answer;
import net.voltlane.cli.ctl.client.ApiException;
import net.voltlane.cli.ctl.client.Doc;
import net.voltlane.cli.ctl.text.Visible;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code voltlane ctl events}: the last lines of the server's log. */
@Command(name = "events", description = "Show the last lines of the server's log, the newest last.")
final class EventsCommand extends ServerAction {
    /** The most lines that a server keeps. */
    private static final int MAX = RecentEvents.CAPACITY;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "Show at most this many. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Override
    Answer ask(ApiClient api) throws ApiException {
        if (limit < 1 || limit > MAX) {
            throw invalid("option '--limit'", limit, "a whole number from 1 to " + MAX);
        }
        return api.get("events?limit=" + limit);
    }

    @Override
    List<String> words(Doc answer) {
        List<String> lines = new ArrayList<>();
        for (Doc event : answer.list("events")) {
            StringBuilder line = new StringBuilder();
            line.append(String.format("%s %-5s %s", event.text("at"), event.text("level"), event.text("message")));
            Doc fields = event.at("fields");
            if (fields != null) {
                for (String name : fields.names()) {
                    line.append(' ').append(Visible.line(name)).append('=').append(fields.text(name));
                }
            }
            lines.add(line.toString());
        }
        Collections.reverse(lines);
        return lines.isEmpty() ? List.of("No events.") : lines;
    }
}
