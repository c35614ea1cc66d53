package net.voltlane.site;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;

/** The first page of the site: the README without the sections that other pages of the site hold, and all pages. */
final class Home {
    static final String PAGE = "README.md";

    private static final Template TEMPLATE = Template.named("home.html");
    private static final int MAX_SENTENCE_CHARS = 150;
    private static final Set<String> SECTIONS = Set.of("Try it", "What you get", "What it is not");

    private Home() {}

    /** Removes all sections of the README that the site's first page does not show. */
    static Page condensed(Page readme, Mistakes mistakes) {
        List<Page.PageHeading> kept = new ArrayList<>();
        boolean keep = true;
        for (Node node = readme.document().getFirstChild(); node != null; ) {
            Node next = node.getNext();
            if (node instanceof Heading heading) {
                keep = heading.getLevel() == 1 || SECTIONS.contains(PlainText.of(heading));
                if (keep) {
                    readme.headings().stream()
                            .filter(one -> one.node() == heading)
                            .forEach(kept::add);
                }
            }
            if (!keep) {
                node.unlink();
            }
            node = next;
        }
        if (kept.size() != 1 + SECTIONS.size()) {
            mistakes.add(
                    PAGE,
                    "its sections",
                    "a title, and "
                            + String.join(", ", SECTIONS.stream().sorted().toList()));
        }
        return new Page(readme.path(), readme.shortTitle(), readme.document(), List.copyOf(kept));
    }

    /** The HTML of the text: what the project is, what the README says of it, and cards of all pages. */
    static String html(Page home, PageRenderer renderer, Navigation navigation, Map<String, Page> pages) {
        Node lead = home.firstParagraph();
        String leadHtml = lead == null ? "" : renderer.render(lead);
        if (lead != null) {
            lead.unlink();
        }
        home.headings().stream()
                .filter(heading -> heading.level() == 1)
                .forEach(heading -> heading.node().unlink());
        return TEMPLATE.fill(Map.of(
                "title", Html.escape(home.title()),
                "lead", leadHtml,
                "rest", renderer.render(home.document()),
                "cards", cards(navigation, pages)));
    }

    private static String cards(Navigation navigation, Map<String, Page> pages) {
        StringBuilder html = new StringBuilder();
        for (Navigation.Section section : navigation.sections()) {
            html.append("<h3>").append(Html.escape(section.title())).append("</h3>\n<ul class=\"cards\">\n");
            for (Navigation.Entry entry : section.entries()) {
                Page page = pages.get(entry.path());
                if (page != null && !entry.path().equals(PAGE)) {
                    html.append("<li><a href=\"").append(page.html()).append("\"><strong>");
                    html.append(Html.escape(entry.title())).append("</strong> <span>");
                    html.append(Html.escape(firstSentence(page))).append("</span></a></li>\n");
                }
            }
            html.append("</ul>\n");
        }
        return html.toString();
    }

    /** The first sentence of a page, or its title where it begins without one. */
    private static String firstSentence(Page page) {
        Node paragraph = page.firstParagraph();
        String text = paragraph == null ? page.title() : PlainText.of(paragraph);
        String sentence = text.replaceFirst("(?<=[.:]) .*", "").replaceFirst("[.:]$", "");
        return sentence.length() <= MAX_SENTENCE_CHARS ? sentence : page.title();
    }
}
