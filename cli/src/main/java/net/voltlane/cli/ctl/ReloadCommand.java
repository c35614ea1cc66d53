package net.voltlane.cli.ctl;

import java.util.ArrayList;
import java.util.List;
import net.voltlane.cli.ctl.client.ApiClient;
import net.voltlane.cli.ctl.client.ApiClient.Answer;
import net.voltlane.cli.ctl.client.ApiException;
import net.voltlane.cli.ctl.client.Doc;
import picocli.CommandLine.Command;

/** {@code voltlane ctl reload}: a server that reads its configuration again. */
@Command(
        name = "reload",
        description = "Let the server read its configuration again, as the signal HUP does. A configuration with errors"
                + " changes nothing; the errors are printed, and the status is 78. It is 78 also if a certificate stays in"
                + " use because its new file is wrong.")
final class ReloadCommand extends ServerAction {
    private static final int UNPROCESSABLE = 422;

    @Override
    Answer ask(ApiClient api) throws ApiException {
        try {
            return api.post("reload", null);
        } catch (ApiException e) {
            throw e.httpStatus() == UNPROCESSABLE ? e.asConfiguration() : e;
        }
    }

    @Override
    List<String> words(Doc answer) {
        List<String> lines = new ArrayList<>(answer.texts("warnings"));
        answer.texts("keptCertificates").forEach(why -> lines.add(why + "; the certificates in use before stay"));
        changes(lines, "New certificates: ", answer.texts("newCertificates"));
        changes(lines, "Changed at once: ", answer.texts("atOnce"));
        changes(lines, "Changed for new connections: ", answer.texts("newLinks"));
        changes(lines, "Needs a restart: ", answer.texts("atRestart"));
        if (lines.size() == answer.texts("warnings").size()) {
            lines.add("Nothing has changed.");
        }
        return lines;
    }

    @Override
    int status(Doc answer) {
        return answer.texts("keptCertificates").isEmpty() ? ExitStatus.FINE : ExitStatus.CONFIGURATION;
    }

    private static void changes(List<String> lines, String words, List<String> keys) {
        if (!keys.isEmpty()) {
            lines.add(words + String.join(", ", keys));
        }
    }
}
