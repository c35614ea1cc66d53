package net.voltlane.cli.ctl;

import com.google.gson.JsonObject;
import java.util.List;
import net.voltlane.cli.ctl.client.ApiClient;
import net.voltlane.cli.ctl.client.ApiClient.Answer;
import net.voltlane.cli.ctl.client.ApiException;
import net.voltlane.cli.ctl.client.Doc;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code voltlane ctl unban ADDRESS}: an address that may connect again. */
@Command(name = "unban", description = "Lift the ban of an address or a network.")
final class UnbanCommand extends ServerAction {
    @Parameters(paramLabel = "ADDRESS", description = "As `voltlane ctl bans` shows it.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String address;

    @Override
    Answer ask(ApiClient api) throws ApiException {
        JsonObject ban = new JsonObject();
        ban.addProperty("address", address);
        return api.post("bans/lift", ban);
    }

    @Override
    List<String> words(Doc answer) {
        return List.of(answer.text("address") + " is not banned any more.");
    }
}
