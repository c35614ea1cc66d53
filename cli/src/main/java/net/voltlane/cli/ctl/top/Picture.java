package net.voltlane.cli.ctl.top;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.voltlane.cli.ctl.text.Figures;
import net.voltlane.cli.ctl.top.Line.Style;
import org.jspecify.annotations.Nullable;

/** The lines of the screen for a view. It has as many lines as the screen has rows, none wider than the screen. */
final class Picture {
    /** Rows for sessions from which on a second list is of use. */
    private static final int ROWS_FOR_TWO = 16;

    private static final String KEYS = "q quit, s sort, p pause, arrows scroll";

    private final View view;
    private final Size size;
    private final List<Line> lines = new ArrayList<>();

    /**
     * The size of a screen.
     *
     * @param rows at least 1
     * @param columns at least 1
     */
    record Size(int rows, int columns) {}

    private Picture(View view, Size size) {
        this.view = view;
        this.size = size;
    }

    /** Draws. Bounds how far the view is scrolled, as a side effect. */
    static List<Line> of(View view, Size size, boolean ascii) {
        return new Picture(view, size).draw(ascii);
    }

    private List<Line> draw(boolean ascii) {
        Sample sample = view.sample();
        add(title(sample), Style.BAR);
        if (view.failure() != null) {
            add(view.failure(), Style.ALERT);
        }
        if (sample != null) {
            lines.addAll(Summary.of(sample, size.columns(), ascii));
            lists(sample.sessions());
        }
        while (lines.size() > size.rows() - 1) {
            lines.remove(lines.size() - 1);
        }
        while (lines.size() < size.rows() - 1) {
            add("", Style.PLAIN);
        }
        add(KEYS, Style.DIM);
        return lines;
    }

    private String title(@Nullable Sample sample) {
        String left = "Voltlane " + (sample == null ? "" : sample.status().text("version") + " ") + view.target();
        String right = sample == null
                ? "asking"
                : view.isPaused()
                        ? "PAUSED"
                        : "up " + Figures.duration(sample.status().numberOrZero("uptimeSeconds"));
        int blanks = size.columns() - left.length() - right.length();
        return blanks < 1 ? left : left + " ".repeat(blanks) + right;
    }

    private void lists(Map<Order, List<SessionRow>> sessions) {
        int rows = size.rows() - 1 - lines.size();
        Order first = view.order();
        if (rows < ROWS_FOR_TWO) {
            list(first, sessions, rows - 2, true);
        } else {
            int upper = rows - rows / 2;
            list(first, sessions, upper - 2, true);
            list(first.companion(), sessions, rows - upper - 2, false);
        }
    }

    /** Adds a list with two lines of headings and exactly {@code rows} lines below. */
    private void list(Order order, Map<Order, List<SessionRow>> sessions, int rows, boolean scrolls) {
        List<SessionRow> all = sessions.getOrDefault(order, List.of());
        if (scrolls) {
            view.scrollWithin(all.size() - rows);
        }
        int from = scrolls ? view.offset() : 0;
        add(heading(order, from, rows, all.size()), Style.PLAIN);
        add(SessionColumns.headings(size.columns()), Style.BAR);
        for (int i = from; i < from + rows; i++) {
            add(i < all.size() ? SessionColumns.cells(all.get(i), size.columns()) : "", Style.PLAIN);
        }
    }

    private static String heading(Order order, int from, int rows, int all) {
        String words = "The " + order.words + " sessions";
        return all <= rows || rows <= 0
                ? words
                : words + ", " + (from + 1) + " to " + Math.min(all, from + rows) + " of " + all;
    }

    private void add(String text, Style style) {
        String cut = Summary.cut(text, size.columns());
        boolean isBar = style == Style.BAR;
        lines.add(new Line(isBar ? cut + " ".repeat(size.columns() - cut.length()) : cut, style));
    }
}
