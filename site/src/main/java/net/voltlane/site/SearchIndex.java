package net.voltlane.site;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.commonmark.node.Node;

/** The index that the page's search reads: the text of every section of every page, as JSON. */
final class SearchIndex {
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private SearchIndex() {}

    /** A page: its title, its name in the navigation, and its file. */
    private record Entry(String title, String name, String url, List<Section> sections) {}

    /** The text below a heading. The first section of a page, below its title, has no anchor. */
    private record Section(String heading, String anchor, String text) {}

    static String json(Collection<Page> pages) {
        return GSON.toJson(pages.stream()
                .map(page -> new Entry(page.title(), page.shortTitle(), page.html(), sections(page)))
                .toList());
    }

    private static List<Section> sections(Page page) {
        List<Section> sections = new ArrayList<>();
        Map<Node, String> anchors = page.anchors();
        StringBuilder text = new StringBuilder();
        String heading = page.title();
        String anchor = "";
        for (Node node = page.document().getFirstChild(); node != null; node = node.getNext()) {
            if (!anchors.containsKey(node)) {
                text.append(PlainText.of(node)).append(' ');
            } else if (page.headings().get(0).node() != node) {
                sections.add(new Section(heading, anchor, text.toString().strip()));
                text.setLength(0);
                heading = PlainText.of(node);
                anchor = anchors.getOrDefault(node, "");
            }
        }
        sections.add(new Section(heading, anchor, text.toString().strip()));
        return sections;
    }
}
