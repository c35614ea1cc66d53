package net.voltlane.cli.ctl;

import java.util.List;
import net.voltlane.cli.ctl.client.ApiClient;
import net.voltlane.cli.ctl.client.ApiClient.Answer;
import net.voltlane.cli.ctl.client.ApiException;
import net.voltlane.cli.ctl.client.Doc;
import net.voltlane.cli.ctl.text.Figures;
import net.voltlane.cli.ctl.text.Table;
import picocli.CommandLine.Command;

/** {@code voltlane ctl bans}: the addresses that are kept out. */
@Command(name = "bans", description = "List the addresses that are banned, each with the reason and the time left.")
final class BansCommand extends ServerAction {

    @Override
    Answer ask(ApiClient api) throws ApiException {
        return Pages.all(api, "bans", "", "bans", Integer.MAX_VALUE);
    }

    @Override
    List<String> words(Doc answer) {
        Table table = new Table("ADDRESS", ">ENDS IN", "REASON");
        for (Doc ban : answer.list("bans")) {
            Double endsIn = ban.number("endsInSeconds");
            table.row(ban.text("address"), endsIn == null ? "-" : Figures.duration(endsIn), reason(ban));
        }
        return table.isEmpty() ? List.of("No bans.") : table.lines();
    }

    private static String reason(Doc ban) {
        String server = ban.text("server", "");
        return server.isEmpty() ? ban.text("reason") : ban.text("reason") + ", at " + server;
    }
}
