package net.voltlane.cli.ctl.top;

import java.util.function.Function;
import net.voltlane.cli.ctl.text.Figures;

/** The columns of a list of sessions; which of them are there depends on the width of the screen. */
enum SessionColumns {
    ID("ID", 16, false, 0, SessionRow::id),
    STATE("STATE", 7, false, 24, SessionRow::state),
    AGE("AGE", 11, true, 85, row -> Figures.duration(row.ageSeconds())),
    WAITING("WAITING", 8, true, 33, row -> Figures.bytes(row.waiting())),
    UP("UP/s", 8, true, 51, row -> Figures.bytes(row.upPerSecond())),
    DOWN("DOWN/s", 8, true, 51, row -> Figures.bytes(row.downPerSecond())),
    /** The last, as it has no fixed width. */
    CLIENT("CLIENT", 0, false, 73, SessionRow::client);

    private final String heading;
    private final int width;
    private final boolean right;
    private final int from;
    private final Function<SessionRow, String> cell;

    /** @param from the width of the screen that has this column */
    SessionColumns(String heading, int width, boolean right, int from, Function<SessionRow, String> cell) {
        this.heading = heading;
        this.width = width;
        this.right = right;
        this.from = from;
        this.cell = cell;
    }

    static String headings(int columns) {
        return line(columns, column -> column.heading);
    }

    static String cells(SessionRow row, int columns) {
        return line(columns, column -> column.cell.apply(row));
    }

    private static String line(int columns, Function<SessionColumns, String> text) {
        StringBuilder line = new StringBuilder();
        for (SessionColumns column : values()) {
            if (columns >= column.from) {
                String cell = text.apply(column);
                String blanks = " ".repeat(Math.max(0, column.width - cell.length()));
                line.append(line.isEmpty() ? "" : " ").append(column.right ? blanks + cell : cell + blanks);
            }
        }
        return line.toString();
    }
}
