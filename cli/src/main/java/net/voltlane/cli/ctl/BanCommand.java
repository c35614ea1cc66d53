package net.voltlane.cli.ctl;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.List;
import net.voltlane.cli.ctl.client.ApiClient;
import net.voltlane.cli.ctl.client.ApiClient.Answer;
import net.voltlane.cli.ctl.client.ApiException;
import net.voltlane.cli.ctl.client.Doc;
import net.voltlane.cli.ctl.text.Figures;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code voltlane ctl ban ADDRESS}: an address that may not connect any more. */
@Command(
        name = "ban",
        description =
                "Refuse new connections from an address or a network. Those that are open stay: end them with kick.")
final class BanCommand extends ServerAction {
    private static final long MAX_SECONDS = 1_000_000_000;

    @Parameters(paramLabel = "ADDRESS", description = "Such as 192.0.2.7 or 2001:db8::/64.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String address;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description =
                    "Lift the ban after this many seconds (default: it stays until you lift it. A server without a fleet"
                            + " forgets it at a restart).")
    private @Nullable Long seconds;

    @Override
    Answer ask(ApiClient api) throws ApiException {
        if (seconds != null && (seconds < 1 || seconds > MAX_SECONDS)) {
            throw invalid("option '--seconds'", seconds, "a whole number from 1 to " + MAX_SECONDS);
        }
        JsonObject ban = new JsonObject();
        ban.addProperty("address", address);
        if (seconds == null) {
            ban.add("seconds", JsonNull.INSTANCE);
        } else {
            ban.addProperty("seconds", seconds);
        }
        return api.post("bans", ban);
    }

    @Override
    List<String> words(Doc ban) {
        Double endsIn = ban.number("endsInSeconds");
        String end = endsIn == null ? "until you lift it" : "for " + Figures.duration(endsIn);
        return List.of(
                ban.text("address") + " is banned " + end + ".",
                "Connections that are open stay. Find them, and end them:",
                "  voltlane ctl sessions --client " + ban.text("address"),
                "  voltlane ctl kick ID");
    }
}
