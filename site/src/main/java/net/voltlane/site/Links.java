package net.voltlane.site;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The links of all pages: turns them into links of the site, checks that they lead somewhere, and notes the files that
 * they lead to.
 */
final class Links {
    private final Path project;
    private final Map<String, Page> pages;
    private final Mistakes mistakes;
    private final SortedSet<String> images = new TreeSet<>();
    private final SortedSet<String> sources = new TreeSet<>();

    Links(Path project, Map<String, Page> pages, Mistakes mistakes) {
        this.project = project;
        this.pages = pages;
        this.mistakes = mistakes;
    }

    /** Images that pages show, relative to the project's folder. The site needs copies of them. */
    SortedSet<String> images() {
        return images;
    }

    /** Files of the project that pages link to, and that are no pages. The site shows each on a page of its own. */
    SortedSet<String> sources() {
        return sources;
    }

    /** Returns the site's link for an image of a page. */
    String image(Page page, String link) {
        String path = Paths.resolve(page.path(), link);
        if (isExternal(link) || !isFile(path)) {
            mistakes.add(page.path(), link, "a picture of the project");
            return link;
        }
        images.add(path);
        return Paths.relative(page.html(), path);
    }

    /** Returns the attributes that reserve room for a picture before it is there; empty if its size is not known. */
    Map<String, String> sizeOfImage(Page page, String link) {
        String path = Paths.resolve(page.path(), link);
        return images.contains(path) ? Picture.size(project.resolve(path)) : Map.of();
    }

    /** Returns the site's link for a link of a page. */
    String link(Page page, String link) {
        if (isExternal(link)) {
            return link;
        }
        String[] parts = link.split("#", 2);
        String path = parts[0].isEmpty() ? page.path() : Paths.resolve(page.path(), parts[0]);
        Page target = pages.get(path);
        if (target == null) {
            return source(page, link, path);
        }
        String file = target == page ? "" : Paths.relative(page.html(), target.html());
        if (parts.length == 1) {
            return file;
        }
        if (!target.hasAnchor(parts[1])) {
            mistakes.add(page.path(), link, "a heading of " + path + nearest(target, parts[1]));
        }
        return file + "#" + parts[1];
    }

    private String source(Page page, String link, String path) {
        if (path.endsWith(".md") && isFile(path)) {
            mistakes.add(page.path(), link, "a page of " + Navigation.FILE);
        } else if (!isFile(path)) {
            mistakes.add(page.path(), link, "a file of the project");
        } else {
            sources.add(path);
        }
        return Paths.relative(page.html(), path) + ".html";
    }

    private boolean isFile(String path) {
        return !path.startsWith("..") && Files.isRegularFile(project.resolve(path));
    }

    private static boolean isExternal(String link) {
        return link.matches("[a-z][a-z0-9+.-]*:.*");
    }

    /** A hint: the anchor that begins like the wrong one for longest. */
    private static String nearest(Page target, String wrong) {
        return target.headings().stream()
                .map(Page.PageHeading::anchor)
                .max(Comparator.comparingInt(anchor -> commonPrefix(anchor, wrong)))
                .map(anchor -> ", such as #" + anchor)
                .orElse("");
    }

    private static int commonPrefix(String one, String other) {
        int length = 0;
        while (length < Math.min(one.length(), other.length()) && one.charAt(length) == other.charAt(length)) {
            length++;
        }
        return length;
    }
}
