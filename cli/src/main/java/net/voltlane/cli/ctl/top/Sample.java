package net.voltlane.cli.ctl.top;

import java.util.List;
import java.util.Map;
import net.voltlane.cli.ctl.client.Doc;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one poll. Immutable.
 *
 * @param status the answer of the API's {@code status}
 * @param series the columns of the API's {@code history}; null if the server keeps none
 * @param sessions the first sessions in each order that was asked for
 */
record Sample(Doc status, @Nullable Doc series, Map<Order, List<SessionRow>> sessions) {

    /** The values of a column, oldest first; none if there is no such column. */
    List<@Nullable Double> column(String name) {
        return series == null ? List.of() : series.numbers(name);
    }

    /** The last value of a column that is there, or null. */
    @Nullable
    Double latest(String name) {
        List<@Nullable Double> column = column(name);
        for (int i = column.size() - 1; i >= 0; i--) {
            if (column.get(i) != null) {
                return column.get(i);
            }
        }
        return null;
    }
}
