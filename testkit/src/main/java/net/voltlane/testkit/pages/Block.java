package net.voltlane.testkit.pages;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A fenced block of a page.
 *
 * @param page the file that it is in, relative to the project's folder
 * @param line the line of its opening fence, counted from 1
 * @param language the word behind the opening fence; empty where there is none
 * @param mark the text of the HTML comment on the line before the fence; empty where there is none
 * @param lines its lines, without the indentation of the fence
 */
public record Block(Path page, int line, String language, String mark, List<String> lines) {

    /** Copies the lines. */
    public Block {
        lines = List.copyOf(lines);
    }

    /** Its lines, each with its end. */
    public String text() {
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    /** Returns true if the mark says why no test runs this block, or names the script of the project that does. */
    public boolean isExcused() {
        return mark.matches("not run: \\S.{7,}|run by \\S+");
    }

    /** The place of this block, in the form that editors and failure messages use. */
    @Override
    public String toString() {
        return page + ":" + line + " (" + language + ")";
    }
}
