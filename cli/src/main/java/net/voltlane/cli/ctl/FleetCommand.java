package net.voltlane.cli.ctl;

import java.util.ArrayList;
import java.util.List;
import net.voltlane.cli.ctl.client.ApiClient;
import net.voltlane.cli.ctl.client.ApiClient.Answer;
import net.voltlane.cli.ctl.client.ApiException;
import net.voltlane.cli.ctl.client.Doc;
import net.voltlane.cli.ctl.text.Table;
import picocli.CommandLine.Command;

/** {@code voltlane ctl fleet}: the store of session records, and the servers that share it. */
@Command(
        name = "fleet",
        description = "Show the store of session records, and all servers that share it with this one.")
final class FleetCommand extends ServerAction {

    @Override
    Answer ask(ApiClient api) throws ApiException {
        return api.get("fleet");
    }

    @Override
    List<String> words(Doc answer) {
        List<String> lines = new ArrayList<>();
        String place = answer.text("store.place", "");
        lines.add("Store: " + answer.text("store.kind")
                + (place.isEmpty() ? "" : ", " + place)
                + (answer.is("store.up") ? "" : ", can't be reached"));
        Table table = new Table("SERVER", "STATE", "BACKEND", ">LIVE", ">STALE", ">CONNECTIONS", "ADDRESS", "VERSION");
        for (Doc server : answer.list("servers")) {
            table.row(
                    server.text("name") + (server.is("self") ? " *" : ""),
                    server.text("state"),
                    server.is("backendUp") ? "up" : "down",
                    StatusCommand.count(server, "liveSessions"),
                    StatusCommand.count(server, "staleSessions"),
                    StatusCommand.count(server, "connections"),
                    server.text("advertise"),
                    server.text("version"));
        }
        if (table.isEmpty()) {
            lines.add("This server shares its sessions with no other one.");
        } else {
            lines.addAll(table.lines());
        }
        return lines;
    }
}
