package net.voltlane.cli.ctl;

import java.util.List;
import net.voltlane.cli.ctl.client.ApiClient;
import net.voltlane.cli.ctl.client.ApiClient.Answer;
import net.voltlane.cli.ctl.client.ApiException;
import net.voltlane.cli.ctl.client.Doc;
import net.voltlane.cli.ctl.text.Figures;
import picocli.CommandLine.Command;

/** {@code voltlane ctl drain}: an orderly end of the server. */
@Command(
        name = "drain",
        description =
                "Stop the server in order, as the signal TERM does: it refuses new clients, sends what waits, ends all"
                        + " sessions and exits with 0, within general.drain_timeout_secs.")
final class DrainCommand extends ServerAction {

    @Override
    Answer ask(ApiClient api) throws ApiException {
        return api.post("drain", null);
    }

    @Override
    List<String> words(Doc answer) {
        return List.of("The server is " + answer.text("state") + ": it ends within "
                + Figures.duration(answer.numberOrZero("timeoutSeconds")) + ".");
    }
}
