package net.voltlane.admin.dashboard;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files of the dashboard by their paths. Only files that are listed here are served, so no path leads out of them.
 * Belongs to one thread.
 */
public final class Assets {
    /** Everything comes from this server, scripts and styles from files only, and no page may put this one in a frame. */
    public static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
            + "require-trusted-types-for 'script'; trusted-types 'none'";

    static final String FOLDER = "/assets/";
    static final String PAGE = "index.html";
    static final List<String> FILES = List.of(
            "actions.js",
            "api.js",
            "bans.js",
            "charts.js",
            "dashboard.css",
            "dialogs.js",
            "dom.js",
            "events.js",
            "format.js",
            "icon.svg",
            "main.js",
            "now.js",
            "palette.css",
            "past.js",
            "session.js",
            "sessions.js",
            "stream.js",
            "theme.js",
            "uplot/LICENSE",
            "uplot/uPlot.esm.js",
            "uplot/uPlot.min.css");

    /** Files that were asked for: their tags are computed once. */
    private final Map<String, Asset> found = new HashMap<>();

    /** The file at a path such as {@code /} or {@code /assets/main.js}. */
    public Optional<Asset> at(String path) {
        if (path.equals("/")) {
            return Optional.of(asset(PAGE));
        }
        String name = path.startsWith(FOLDER) ? path.substring(FOLDER.length()) : "";
        return FILES.contains(name) ? Optional.of(asset(name)) : Optional.empty();
    }

    private Asset asset(String name) {
        return found.computeIfAbsent(name, Asset::new);
    }
}
