package net.voltlane.admin.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import net.voltlane.admin.AdminHost;
import net.voltlane.admin.http.Request;
import net.voltlane.admin.http.Response;
import net.voltlane.admin.http.Route;
import net.voltlane.server.config.LoadedConfig;
import net.voltlane.server.config.LogLevel;
import net.voltlane.server.config.Setting;
import net.voltlane.server.log.LogEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows the settings, each with its origin, and changes the level of the log. Thread-safe. */
final class SettingsEndpoints {
    private static final Logger log = LoggerFactory.getLogger(SettingsEndpoints.class);

    private static final String LEVEL = "level";
    private static final Map<String, LogLevel> LEVELS = levels();

    private final AdminHost host;

    SettingsEndpoints(AdminHost host) {
        this.host = host;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/api/v1/config", this::config),
                Route.get("/api/v1/log-level", this::logLevel),
                Route.post("/api/v1/log-level", this::setLogLevel));
    }

    private static Map<String, LogLevel> levels() {
        Map<String, LogLevel> levels = new LinkedHashMap<>();
        for (LogLevel level : LogLevel.values()) {
            levels.put(name(level), level);
        }
        return levels;
    }

    private static String name(LogLevel level) {
        return level.name().charAt(0) + level.name().substring(1).toLowerCase(Locale.ROOT);
    }

    private CompletionStage<Response> config(Request request) {
        Parameters.of(request);
        LoadedConfig loaded = host.configuration();
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("sources", loaded.sources());
        document.put(
                "settings",
                loaded.settings().stream().map(SettingsEndpoints::setting).toList());
        return Response.json(200, document).now();
    }

    private static Map<String, Object> setting(Setting setting) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("key", setting.key());
        document.put("value", setting.value());
        document.put("origin", setting.origin());
        document.put("default", setting.defaultValue());
        document.put("reload", setting.reload().text());
        document.put("description", setting.description());
        return document;
    }

    private CompletionStage<Response> logLevel(Request request) {
        Parameters.of(request);
        return level().now();
    }

    private CompletionStage<Response> setLogLevel(Request request) {
        Parameters.of(request);
        String expected = "one of " + String.join(", ", LEVELS.keySet());
        String given = Body.of(request, LEVEL).text(LEVEL, expected);
        LogLevel level = LEVELS.get(given);
        if (level == null) {
            throw Parameters.wrong(LEVEL + ": " + Parameters.shown(given) + " (expected: " + expected + ")");
        }
        host.logLevel(level);
        LogEvent.LOG_LEVEL_SET.on(log).log("Log level set to {} by an operator", given);
        return level().now();
    }

    private Response level() {
        return Response.json(200, Map.of(LEVEL, name(host.logLevel())));
    }
}
