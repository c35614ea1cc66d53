package net.voltlane.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AxisTest {

    @Test
    void anEvenAxisHasRoundMarksAndEndsWithOne() {
        Axis axis = Axis.rounded(1_880_000, 5, value -> Long.toString((long) value));

        assertThat(axis.ticks())
                .extracting(Axis.Tick::label)
                .containsExactly("0", "500000", "1000000", "1500000", "2000000");
        assertThat(axis.place(1_000_000)).isEqualTo(0.5);
        assertThat(axis.place(-1)).as("never outside").isZero();
        assertThat(axis.place(9_000_000)).isEqualTo(1);
    }

    @Test
    void anEvenAxisOverTimeMayStartAnywhere() {
        assertThat(Axis.linear(-3, 10, 10, value -> Long.toString((long) value)).ticks())
                .extracting(Axis.Tick::label)
                .containsExactly("-2", "0", "2", "4", "6", "8", "10");
    }

    @Test
    void aLogarithmicAxisHoldsBothEnds() {
        Axis axis = Axis.logarithmic(230_000, 9_250_000, Texts::tick);

        assertThat(axis.ticks())
                .extracting(Axis.Tick::label)
                .containsExactly("200 µs", "500 µs", "1 ms", "2 ms", "5 ms", "10 ms");
        assertThat(axis.place(200_000)).isZero();
        assertThat(axis.place(10_000_000)).isEqualTo(1);
    }

    @Test
    void everyNineTakesTheSameRoom() {
        Axis axis = Axis.nines(100_000);

        assertThat(axis.ticks())
                .extracting(Axis.Tick::label)
                .containsExactly("", "50 %", "90 %", "99 %", "99.9 %", "99.99 %", "99.999 %");
        assertThat(axis.place(10)).isEqualTo(0.2, within(1e-9));
        assertThat(axis.place(1_000)).isEqualTo(0.6, within(1e-9));
    }
}
