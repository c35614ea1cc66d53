package net.voltlane.site;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.parser.Parser;
import org.jspecify.annotations.Nullable;

/**
 * A page in Markdown, parsed.
 *
 * @param path relative to the project's folder
 * @param shortTitle its title in the navigation
 * @param document its syntax tree
 * @param headings its headings, in order
 */
record Page(String path, String shortTitle, Node document, List<PageHeading> headings) {
    private static final Parser PARSER =
            Parser.builder().extensions(List.of(TablesExtension.create())).build();

    /**
     * A heading.
     *
     * @param node the heading in the syntax tree
     * @param level 1 for the page's title
     * @param text its words
     * @param anchor its name in links
     */
    record PageHeading(Heading node, int level, String text, String anchor) {}

    static Page parse(String path, String shortTitle, String markdown) {
        Node document = PARSER.parse(markdown);
        Anchors anchors = new Anchors();
        List<PageHeading> headings = new ArrayList<>();
        for (Node node = document.getFirstChild(); node != null; node = node.getNext()) {
            if (node instanceof Heading heading) {
                String text = PlainText.of(heading);
                headings.add(new PageHeading(heading, heading.getLevel(), text, anchors.next(text)));
            }
        }
        return new Page(path, shortTitle, document, List.copyOf(headings));
    }

    /** Its file in the site. */
    String html() {
        return Paths.html(path);
    }

    /** Its first heading, or the short title where it has none. */
    String title() {
        return headings.isEmpty() ? shortTitle : headings.get(0).text();
    }

    /** Returns true if a heading has this anchor. */
    boolean hasAnchor(String anchor) {
        return headings.stream().anyMatch(heading -> heading.anchor().equals(anchor));
    }

    /** The anchors, by the heading in the syntax tree. */
    Map<Node, String> anchors() {
        Map<Node, String> anchors = new HashMap<>();
        headings.forEach(heading -> anchors.put(heading.node(), heading.anchor()));
        return anchors;
    }

    /** Its first paragraph, which says what it is about; null if it has none. */
    @Nullable
    Node firstParagraph() {
        Node node = document.getFirstChild();
        while (node != null && !(node instanceof Paragraph)) {
            node = node.getNext();
        }
        return node;
    }
}
