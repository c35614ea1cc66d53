package net.voltlane.site;

import java.nio.file.Path;
import java.util.Locale;

/** Paths of pages in the project and in the site. All are relative, with {@code /} between their parts. */
final class Paths {
    private static final String INDEX = "README.md";

    private Paths() {}

    /**
     * The file of the site that a page becomes: {@code docs/CLIENT.md} becomes {@code docs/client.html}, and a README the
     * index of its folder.
     */
    static String html(String page) {
        String folder = page.substring(0, page.lastIndexOf('/') + 1);
        String name = page.substring(folder.length());
        return name.equals(INDEX)
                ? folder + "index.html"
                : folder + name.replaceFirst("\\.md$", "").toLowerCase(Locale.ROOT) + ".html";
    }

    /** The link that leads from one file to another. */
    static String relative(String from, String to) {
        return slashed(Path.of("/" + from).resolveSibling(".").normalize().relativize(Path.of("/" + to)));
    }

    /** The link that leads from a file to the top folder: empty, or ending with a slash. */
    static String root(String from) {
        return "../".repeat((int) from.chars().filter(c -> c == '/').count());
    }

    /** The path that a link of a page means, which starts with {@code ..} if it leads out of the project. */
    static String resolve(String page, String link) {
        return slashed(Path.of(page).resolveSibling(link).normalize());
    }

    private static String slashed(Path path) {
        return path.toString().replace('\\', '/');
    }
}
