package net.voltlane.cli.ctl;

import java.util.List;
import net.voltlane.cli.ctl.client.ApiClient;
import net.voltlane.cli.ctl.client.ApiClient.Answer;
import net.voltlane.cli.ctl.client.ApiException;
import net.voltlane.cli.ctl.client.Doc;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code voltlane ctl kick ID}: the end of one session. */
@Command(
        name = "kick",
        description = "End a session, as the backend can. The backend is told. The client may open a new one.")
final class KickCommand extends ServerAction {
    @Parameters(paramLabel = "ID", converter = SessionId.class, description = "Id of the session, such as 42.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String id;

    @Override
    Answer ask(ApiClient api) throws ApiException {
        return api.post("sessions/" + id + "/kick", null);
    }

    @Override
    List<String> words(Doc answer) {
        return List.of("Session " + answer.text("id") + " was ended.");
    }
}
