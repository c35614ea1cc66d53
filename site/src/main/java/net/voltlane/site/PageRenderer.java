package net.voltlane.site;

import java.util.Map;
import java.util.Set;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.renderer.NodeRenderer;
import org.commonmark.renderer.html.HtmlNodeRendererContext;
import org.commonmark.renderer.html.HtmlRenderer;

/** The HTML of one page's text, with links of the site. */
final class PageRenderer {
    private final Page page;
    private final Links links;
    private final Mistakes mistakes;
    private final Map<Node, String> anchors;
    private final HtmlRenderer renderer;

    PageRenderer(Page page, Links links, Mistakes mistakes) {
        this.page = page;
        this.links = links;
        this.mistakes = mistakes;
        anchors = page.anchors();
        renderer = HtmlRenderer.builder()
                .extensions(Set.of(TablesExtension.create()))
                .nodeRendererFactory(Nodes::new)
                .attributeProviderFactory(context -> this::setLink)
                .build();
    }

    /** Renders the page, or a part of it. */
    String render(Node node) {
        // A table that is wider than the screen scrolls by itself.
        return renderer.render(node)
                .replace("<table>", "<div class=\"table\"><table>")
                .replace("</table>", "</table></div>");
    }

    private void setLink(Node node, String tag, Map<String, String> attributes) {
        if (node instanceof Link link) {
            attributes.put("href", links.link(page, link.getDestination()));
        } else if (node instanceof Image image) {
            attributes.put("src", links.image(page, image.getDestination()));
            attributes.putAll(links.sizeOfImage(page, image.getDestination()));
        }
    }

    /** Renders what the library would render in another way. */
    private final class Nodes implements NodeRenderer {
        private final HtmlNodeRendererContext context;

        Nodes(HtmlNodeRendererContext context) {
            this.context = context;
        }

        @Override
        public Set<Class<? extends Node>> getNodeTypes() {
            return Set.of(Heading.class, Code.class, FencedCodeBlock.class, HtmlBlock.class, HtmlInline.class);
        }

        @Override
        public void render(Node node) {
            if (node instanceof Heading heading) {
                heading(heading);
            } else if (node instanceof Code code) {
                name(code);
            } else if (node instanceof FencedCodeBlock block) {
                code(block);
            } else if (node instanceof HtmlBlock block) {
                comment(block.getLiteral());
            } else if (node instanceof HtmlInline inline) {
                comment(inline.getLiteral());
            }
        }

        private void heading(Heading heading) {
            String tag = "h" + heading.getLevel();
            String anchor = anchors.getOrDefault(heading, "");
            context.getWriter().line();
            context.getWriter().raw("<" + tag + " id=\"" + Html.escape(anchor) + "\">");
            for (Node child = heading.getFirstChild(); child != null; child = child.getNext()) {
                context.render(child);
            }
            if (heading.getLevel() > 1) {
                context.getWriter()
                        .raw(" <a class=\"anchor\" href=\"#" + Html.escape(anchor)
                                + "\" aria-label=\"Link to this section\">#</a>");
            }
            context.getWriter().raw("</" + tag + ">");
            context.getWriter().line();
        }

        /** In the narrow columns of a table, a long name may be broken behind its dots and underscores. */
        private void name(Code code) {
            String html = Html.escape(code.getLiteral());
            boolean mayBreak = code.getParent() instanceof TableCell;
            context.getWriter()
                    .raw("<code>" + (mayBreak ? html.replaceAll("(?<=[A-Za-z}])[._/](?=[A-Za-z])", "$0<wbr />") : html)
                            + "</code>");
        }

        private void code(FencedCodeBlock block) {
            String language = block.getInfo().strip();
            context.getWriter().line();
            context.getWriter().raw("<pre" + kind(block) + " data-language=\"" + Html.escape(language) + "\"><code>");
            context.getWriter().raw(Language.named(language).highlight(block.getLiteral()));
            context.getWriter().raw("</code></pre>");
            context.getWriter().line();
        }

        /** The class of a block that a reader types into a program, or that a program shows: the comment before it tells. */
        private static String kind(FencedCodeBlock block) {
            String mark = block.getPrevious() instanceof HtmlBlock comment ? comment.getLiteral() : "";
            if (mark.startsWith("<!-- typed into")) {
                return " class=\"typed\"";
            }
            return mark.startsWith("<!-- shown by") || mark.startsWith("<!-- output") ? " class=\"output\"" : "";
        }

        /** Leaves out comments, which are for tests. Pages have no other HTML. */
        private void comment(String html) {
            if (!html.strip().matches("(?s)<!--.*-->")) {
                mistakes.add(page.path(), html.strip().lines().findFirst().orElse(""), "Markdown, not HTML");
            }
        }
    }
}
