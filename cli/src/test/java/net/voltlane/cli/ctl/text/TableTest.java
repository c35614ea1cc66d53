package net.voltlane.cli.ctl.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        Table table = new Table("NAME", ">SIZE", "NOTE");
        table.row("a", "1", "");
        table.row("longer", "12,345", "x y");

        assertThat(table.lines())
                .containsExactly(
                        "NAME      SIZE  NOTE", //
                        "a            1",
                        "longer  12,345  x y");
    }

    @Test
    void aRowHasACellForEachColumn() {
        Table table = new Table("A", "B");

        assertThatThrownBy(() -> table.row("1")).isInstanceOf(IllegalArgumentException.class);
        assertThat(table.isEmpty()).isTrue();
    }

    @Test
    void barsAreScaledToTheLargestThatIsShown() {
        assertThat(Sparkline.of(List.of(100.0, 0.0, 1.0, 4.0, 7.0, 8.0), 5, false))
                .isEqualTo("▁▂▅██");
        assertThat(Sparkline.of(Arrays.asList(1.0, null, 0.0), 5, true)).isEqualTo("# _");
        assertThat(Sparkline.of(List.of(0.0, 0.0), 5, false)).isEqualTo("▁▁");
        assertThat(Sparkline.of(List.of(), 5, false)).isEmpty();
    }
}
