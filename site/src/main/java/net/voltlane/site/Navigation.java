package net.voltlane.site;

import java.util.ArrayList;
import java.util.List;

/**
 * The order of the pages, in named sections, as {@code navigation.txt} has it. A line is {@code [Section]}, or the path
 * of a page and its short title, with spaces between them. Lines that start with {@code #} are comments.
 *
 * @param sections the sections, in order
 */
record Navigation(List<Section> sections) {
    /** The file that holds the navigation of this project, for messages. */
    static final String FILE = "site/src/main/resources/net/voltlane/site/navigation.txt";

    /**
     * A section.
     *
     * @param title its heading
     * @param entries its pages, in order
     */
    record Section(String title, List<Entry> entries) {}

    /**
     * A page of a section.
     *
     * @param path relative to the project's folder, such as {@code docs/CLIENT.md}
     * @param title the short title that the navigation shows
     */
    record Entry(String path, String title) {}

    /** Reads the navigation of this project. */
    static Navigation ofThisProject() {
        return parse(Resources.text("navigation.txt"));
    }

    /** Reads a navigation from its text. */
    static Navigation parse(String text) {
        Mistakes mistakes = new Mistakes();
        List<Section> sections = new ArrayList<>();
        for (String line : text.lines().map(String::strip).toList()) {
            if (line.startsWith("[") && line.endsWith("]")) {
                sections.add(new Section(line.substring(1, line.length() - 1), new ArrayList<>()));
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                String[] parts = line.split("\\s+", 2);
                if (parts.length < 2 || sections.isEmpty()) {
                    mistakes.add(FILE, line, "[Section], and below it lines such as \"docs/CLIENT.md Client in Java\"");
                } else {
                    sections.get(sections.size() - 1).entries().add(new Entry(parts[0], parts[1]));
                }
            }
        }
        mistakes.throwIfAny();
        return new Navigation(List.copyOf(sections));
    }

    /** All pages, in the order in which a reader goes through them. */
    List<Entry> entries() {
        return sections.stream().flatMap(section -> section.entries().stream()).toList();
    }
}
