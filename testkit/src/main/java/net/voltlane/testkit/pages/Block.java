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

    /** Whether the mark says why no test runs this block, or which script of the project does. */
    public boolean isExcused() {
        return mark.matches("not run: \\S.{7,}|run by \\S+");
    }

    /** Where it is, as editors and failure messages have it. */
    @Override
    public String toString() {
        return page + ":" + line + " (" + language + ")";
    }
}
