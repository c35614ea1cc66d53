package net.voltlane.site;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.commonmark.node.Node;

/** The whole site: its pages, and the files that it is made of. */
final class Site {
    private static final List<String> ASSETS = List.of("site.css", "search.js", "find.js", "icon.svg");
    private static final String PAGES = "docs";

    private final Path project;
    private final Navigation navigation;
    private final Map<String, Page> pages;
    private final Mistakes mistakes;

    private Site(Path project, Navigation navigation, Map<String, Page> pages, Mistakes mistakes) {
        this.project = project;
        this.navigation = navigation;
        this.pages = pages;
        this.mistakes = mistakes;
    }

    /**
     * Reads the pages of a project.
     *
     * @throws MistakesException if the navigation names a page that is not there, or lacks one of {@code docs}
     */
    static Site read(Path project, Navigation navigation) throws IOException {
        Mistakes mistakes = new Mistakes();
        Map<String, Page> pages = new LinkedHashMap<>();
        for (Navigation.Entry entry : navigation.entries()) {
            Path file = project.resolve(entry.path());
            if (!Files.isRegularFile(file)) {
                mistakes.add(Navigation.FILE, entry.path(), "a page of the project");
            } else if (pages.containsKey(entry.path())) {
                mistakes.add(Navigation.FILE, entry.path(), "each page once");
            } else {
                Page page = Page.parse(entry.path(), entry.title(), Files.readString(file));
                pages.put(entry.path(), entry.path().equals(Home.PAGE) ? Home.condensed(page, mistakes) : page);
            }
        }
        for (String page : pagesOf(project)) {
            if (!pages.containsKey(page)) {
                mistakes.add(page, "not in the navigation", "a line of " + Navigation.FILE);
            }
        }
        mistakes.throwIfAny();
        return new Site(project, navigation, pages, mistakes);
    }

    private static List<String> pagesOf(Path project) throws IOException {
        try (Stream<Path> files = Files.walk(project.resolve(PAGES))) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .map(file -> project.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
    }

    /** The paths of its pages in the project, in the order of the navigation. */
    List<String> pages() {
        return List.copyOf(pages.keySet());
    }

    /**
     * Makes all files of the site.
     *
     * @return their bytes by their paths in the site
     * @throws MistakesException if a link leads nowhere
     */
    SortedMap<String, byte[]> files() throws IOException {
        SortedMap<String, byte[]> files = new TreeMap<>();
        Layout layout = new Layout(navigation);
        Links links = new Links(project, pages, mistakes);
        // Before the first page is rendered, as that takes the lead out of the home page.
        files.put("assets/search.json", SearchIndex.json(pages.values()).getBytes(UTF_8));
        for (Page page : pages.values()) {
            files.put(page.html(), layout.html(view(page, links)).getBytes(UTF_8));
        }
        mistakes.throwIfAny();
        links.sources().add("LICENSE"); // the foot of every page links to it
        for (String source : links.sources()) {
            Layout.View view = SourcePage.view(project, source);
            files.put(view.file(), layout.html(view).getBytes(UTF_8));
            files.put(source, Files.readAllBytes(project.resolve(source)));
        }
        for (String image : links.images()) {
            files.put(image, Files.readAllBytes(project.resolve(image)));
        }
        for (String asset : ASSETS) {
            files.put("assets/" + asset, Resources.bytes(asset));
        }
        files.put(".nojekyll", new byte[0]); // hosts of pages serve the files as they are
        return files;
    }

    private Layout.View view(Page page, Links links) {
        PageRenderer renderer = new PageRenderer(page, links, mistakes);
        Node first = page.firstParagraph();
        String description = first == null ? page.title() : PlainText.of(first);
        boolean isHome = page.path().equals(Home.PAGE);
        String content = isHome ? Home.html(page, renderer, navigation, pages) : renderer.render(page.document());
        String title = isHome ? "a connection server" : page.title();
        return new Layout.View(page.html(), page.path(), title, description, content, page.headings());
    }
}
