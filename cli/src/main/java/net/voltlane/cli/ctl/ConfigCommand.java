package net.voltlane.cli.ctl;

import java.util.ArrayList;
import java.util.List;
import net.voltlane.cli.ctl.client.ApiClient;
import net.voltlane.cli.ctl.client.ApiClient.Answer;
import net.voltlane.cli.ctl.client.ApiException;
import net.voltlane.cli.ctl.client.Doc;
import net.voltlane.cli.ctl.text.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code voltlane ctl config}: the settings in effect. */
@Command(
        name = "config",
        description =
                "List the settings in effect in the server, each with where its value comes from. No value is a secret.")
final class ConfigCommand extends ServerAction {
    @Option(names = "--changed", description = "Only settings whose value is not the default.")
    private boolean changed;

    @Override
    Answer ask(ApiClient api) throws ApiException {
        return api.get("config");
    }

    @Override
    List<String> words(Doc answer) {
        List<String> lines = new ArrayList<>();
        lines.add("From " + answer.text("sources"));
        Table table = new Table("SETTING", "VALUE", "FROM");
        for (Doc setting : answer.list("settings")) {
            String value = setting.value("value");
            if (!changed || !value.equals(setting.value("default"))) {
                table.row(setting.text("key"), value, setting.text("origin"));
            }
        }
        lines.addAll(table.isEmpty() ? List.of("All settings are at their defaults.") : table.lines());
        return lines;
    }
}
