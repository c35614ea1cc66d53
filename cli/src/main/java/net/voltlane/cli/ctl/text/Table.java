package net.voltlane.cli.ctl.text;

import java.util.ArrayList;
import java.util.List;

/** A table of text: a heading, then rows, each column as wide as its widest cell, two blanks between columns. */
public final class Table {
    private static final String GAP = "  ";
    private static final char RIGHT = '>';

    private final boolean[] right;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * A table without rows.
     *
     * @param headings the heading of each column; one that begins with {@code >} sets its column flush right
     */
    public Table(String... headings) {
        right = new boolean[headings.length];
        List<String> heading = new ArrayList<>();
        for (int i = 0; i < headings.length; i++) {
            right[i] = headings[i].charAt(0) == RIGHT;
            heading.add(right[i] ? headings[i].substring(1) : headings[i]);
        }
        rows.add(heading);
    }

    /** Adds a row with a cell for each column. */
    public void row(String... cells) {
        if (cells.length != right.length) {
            throw new IllegalArgumentException(cells.length + " cells for " + right.length + " columns");
        }
        rows.add(List.of(cells));
    }

    /** True if there is no row below the heading. */
    public boolean isEmpty() {
        return rows.size() == 1;
    }

    /** The heading and the rows as lines without blanks at their ends. */
    public List<String> lines() {
        int[] widths = new int[right.length];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = row.get(i);
            String blanks = " ".repeat(widths[i] - cell.length());
            line.append(i == 0 ? "" : GAP).append(right[i] ? blanks + cell : cell + blanks);
        }
        return line.toString().stripTrailing();
    }
}
