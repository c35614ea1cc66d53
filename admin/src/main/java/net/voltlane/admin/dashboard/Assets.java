package net.voltlane.admin.dashboard;

import java.util.ArrayList;
import java.util.List;
import net.voltlane.admin.http.Response;
import net.voltlane.admin.http.Route;
import org.jspecify.annotations.Nullable;

/**
 * The files of the dashboard and their paths. Only files that are listed here are served, so no path leads out of them.
 * They need no permission: what they show comes from the API, which asks for it.
 */
public final class Assets {
    /** Everything comes from this server, scripts and styles from files only, and no page may put this one in a frame. */
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
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
            "fleet.js",
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

    private Assets() {}

    /** The addresses of the page and of what it loads. */
    public static List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        routes.add(route("/", new Asset(PAGE)));
        FILES.forEach(file -> routes.add(route(FOLDER + file, new Asset(file))));
        return routes;
    }

    private static Route route(String path, Asset asset) {
        return Route.open(
                path, request -> answer(asset, request.header("if-none-match")).now());
    }

    /** A browser asks each time, and gets a file only where it has another one. */
    private static Response answer(Asset asset, @Nullable String known) {
        boolean isKnown = known != null && known.contains(asset.etag());
        Response response = isKnown ? Response.empty(304) : Response.of(200, asset.type(), asset.bytes());
        return response.with("ETag", asset.etag())
                .with("Cache-Control", "no-cache")
                .with("Content-Security-Policy", CONTENT_SECURITY_POLICY);
    }
}
