package net.voltlane.cli.ctl;

import com.google.gson.JsonObject;
import java.util.List;
import net.voltlane.cli.ctl.client.ApiClient;
import net.voltlane.cli.ctl.client.ApiClient.Answer;
import net.voltlane.cli.ctl.client.ApiException;
import net.voltlane.cli.ctl.client.Doc;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code voltlane ctl log-level [LEVEL]}: the level of the log, shown or set. */
@Command(
        name = "log-level",
        description = "Show the level of the server's log, or set it. It holds until the next reload or restart.")
final class LogLevelCommand extends ServerAction {
    @Parameters(
            paramLabel = "LEVEL",
            arity = "0..1",
            completionCandidates = Words.Levels.class,
            description = "${COMPLETION-CANDIDATES}.")
    private @Nullable String level;

    @Override
    Answer ask(ApiClient api) throws ApiException {
        if (level == null) {
            return api.get("log-level");
        }
        JsonObject wanted = new JsonObject();
        wanted.addProperty("level", Words.level(this, level));
        return api.post("log-level", wanted);
    }

    @Override
    List<String> words(Doc answer) {
        return List.of(
                level == null
                        ? answer.text("level")
                        : "The log has level " + answer.text("level") + " until the next reload or restart.");
    }
}
