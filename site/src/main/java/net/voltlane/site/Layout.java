package net.voltlane.site;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The frame of every page: head, navigation, table of contents, and the pages before and after. */
final class Layout {
    private static final Template TEMPLATE = Template.named("page.html");
    private static final int MAX_DESCRIPTION_CHARS = 160;
    private static final int DEEPEST_IN_CONTENTS = 3;

    private final Navigation navigation;

    Layout(Navigation navigation) {
        this.navigation = navigation;
    }

    /**
     * A page to put into the frame.
     *
     * @param file its file in the site
     * @param path the page in the project that it shows; for a file that is no page, that file
     * @param title the title of the window, without the name of the project
     * @param description a sentence for search engines
     * @param content the HTML of the text
     * @param contents the headings for the table of contents
     */
    record View(
            String file,
            String path,
            String title,
            String description,
            String content,
            List<Page.PageHeading> contents) {}

    String html(View view) {
        String root = Paths.root(view.file());
        boolean isHome = view.file().equals("index.html");
        return TEMPLATE.fill(Map.of(
                "root", root,
                "home", root.isEmpty() ? "index.html" : root + "index.html",
                "kind", isHome ? "home" : "text",
                "title", Html.escape(isHome ? "Voltlane: " + view.title() : view.title() + " · Voltlane"),
                "description", Html.escape(shortened(view.description())),
                "navigation", navigation(view),
                "contents", contents(view.contents()),
                "content", view.content(),
                "neighbours", neighbours(view)));
    }

    private String navigation(View view) {
        StringBuilder html = new StringBuilder();
        for (Navigation.Section section : navigation.sections()) {
            html.append("<h2>").append(Html.escape(section.title())).append("</h2>\n<ul>\n");
            for (Navigation.Entry entry : section.entries()) {
                html.append("<li>").append(link(view, entry, "")).append("</li>\n");
            }
            html.append("</ul>\n");
        }
        return html.toString();
    }

    private static String link(View view, Navigation.Entry entry, String attributes) {
        String current = entry.path().equals(view.path()) ? " aria-current=\"page\"" : "";
        String target = Paths.relative(view.file(), Paths.html(entry.path()));
        return "<a href=\"" + target + "\"" + current + attributes + ">" + Html.escape(entry.title()) + "</a>";
    }

    private static String contents(List<Page.PageHeading> headings) {
        StringBuilder html = new StringBuilder();
        for (Page.PageHeading heading : headings) {
            if (heading.level() > 1 && heading.level() <= DEEPEST_IN_CONTENTS) {
                html.append("<li class=\"level-").append(heading.level()).append("\"><a href=\"#");
                html.append(Html.escape(heading.anchor())).append("\">");
                html.append(Html.escape(heading.text())).append("</a></li>\n");
            }
        }
        return html.toString();
    }

    private String neighbours(View view) {
        List<Navigation.Entry> all = navigation.entries();
        int here = all.stream().map(Navigation.Entry::path).toList().indexOf(view.path());
        if (here < 0) {
            return "";
        }
        return neighbour(view, here > 0 ? all.get(here - 1) : null, "prev")
                + neighbour(view, here + 1 < all.size() ? all.get(here + 1) : null, "next");
    }

    private static String neighbour(View view, Navigation.@Nullable Entry entry, String which) {
        return entry == null ? "" : link(view, entry, " rel=\"" + which + "\"") + "\n";
    }

    private static String shortened(String text) {
        if (text.length() <= MAX_DESCRIPTION_CHARS) {
            return text;
        }
        return text.substring(0, text.lastIndexOf(' ', MAX_DESCRIPTION_CHARS)) + " …";
    }
}
