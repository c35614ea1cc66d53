package net.voltlane.cli.ctl;

import java.util.List;
import net.voltlane.cli.ctl.client.ApiClient;
import net.voltlane.cli.ctl.client.ApiClient.Answer;
import net.voltlane.cli.ctl.client.ApiException;
import net.voltlane.cli.ctl.client.Doc;
import net.voltlane.cli.ctl.text.Table;
import picocli.CommandLine.Command;

/** {@code voltlane ctl limits}: the limits, how near they are, and how often they were met. */
@Command(
        name = "limits",
        description = "List the limits in force: how much of each is used, and how many times it refused something.")
final class LimitsCommand extends ServerAction {

    @Override
    Answer ask(ApiClient api) throws ApiException {
        return api.get("limits");
    }

    @Override
    List<String> words(Doc answer) {
        Table table = new Table("SETTING", ">LIMIT", ">USED", ">REFUSED");
        for (Doc limit : answer.list("limits")) {
            table.row(
                    limit.text("key"),
                    limit.number("limit") == null ? "none" : figure(limit, "limit"),
                    figure(limit, "used"),
                    StatusCommand.count(limit, "refused"));
        }
        return table.lines();
    }

    private static String figure(Doc limit, String member) {
        boolean isBytes = limit.text("key").contains("bytes");
        return isBytes ? StatusCommand.bytes(limit, member) : StatusCommand.count(limit, member);
    }
}
