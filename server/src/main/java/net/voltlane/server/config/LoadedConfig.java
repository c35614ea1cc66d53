package net.voltlane.server.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A configuration that was found to be in order.
 *
 * @param config the values
 * @param settings the same, one by one, in the order of the catalogue, each with its origin
 * @param sources where the values come from, in one line: the file, then what overrides it. Names alone, no values
 * @param notes what the operator may like to know, a line each
 * @param warnings what is likely a mistake, but no reason not to start, a line each
 */
public record LoadedConfig(
        ServerConfig config, List<Setting> settings, String sources, List<String> notes, List<String> warnings) {

    /** The settings as a TOML file, each with its origin as a comment. */
    public String printed() {
        StringBuilder out = new StringBuilder();
        String section = "";
        for (Setting setting : settings) {
            if (!setting.section().equals(section)) {
                out.append(section.isEmpty() ? "[" : "\n[")
                        .append(setting.section())
                        .append("]\n");
                section = setting.section();
            }
            out.append(setting.line());
        }
        return out.toString();
    }

    /**
     * The configuration that is in effect once a running server has been given this one: settings that wait for a
     * restart keep their old values and origins.
     *
     * @param before the configuration that was in effect until now
     * @param change the server's answer
     */
    public LoadedConfig inEffect(LoadedConfig before, ConfigChange change) {
        Map<String, Setting> old = new HashMap<>();
        before.settings.forEach(setting -> old.put(setting.key(), setting));
        List<Setting> now = settings.stream()
                .map(setting ->
                        change.atRestart().contains(setting.key()) ? old.getOrDefault(setting.key(), setting) : setting)
                .toList();
        return new LoadedConfig(change.inEffect(), now, sources, notes, warnings);
    }
}
