package net.voltlane.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class GaugeTest {
    /** A gauge's name, as Prometheus takes it, and at most one label of a fixed value. */
    private static final String SERIES = "voltlane_[a-z]+(_[a-z]+)*(\\{[a-z]+=\"[a-z_]+\"})?";

    private final Metrics metrics = new Metrics();

    @ParameterizedTest
    @EnumSource
    void eachIsNamedAsPrometheusExpectsAndExplainedInOneLine(Gauge gauge) {
        assertThat(gauge.series()).matches(SERIES).doesNotContain("_total");
        assertThat(gauge.help()).isNotBlank().doesNotContain("\n").doesNotEndWith(".");
    }

    @ParameterizedTest
    @EnumSource
    void theNameOfEachAgreesWithItsUnit(Gauge gauge) {
        assertThat(gauge.unit().text()).isNotBlank();
        String name = gauge.series().replaceFirst("\\{.*", "");
        switch (gauge.unit()) {
            case BYTES, MILLISECONDS, PACKETS, CONNECTIONS, SESSIONS, HANDSHAKES ->
                assertThat(name).contains("_" + gauge.unit().text());
            case YES_OR_NO -> assertThat(name).matches(".*_(up|held|paused)");
        }
    }

    @Test
    void noTwoFiguresHaveTheSameNameOrTheSameWords() {
        assertThat(figures().map(Figure::series)).doesNotHaveDuplicates();
        assertThat(figures().map(Figure::help)).doesNotHaveDuplicates();
    }

    private static Stream<Figure> figures() {
        return Stream.concat(Arrays.stream(Metric.values()), Arrays.stream(Gauge.values()));
    }

    @Test
    void aGaugeIsReadWhereItWasRegistered() {
        PublishedValue value = new PublishedValue();
        metrics.register(Gauge.HELD_BYTES, value);
        assertThat(metrics.read(Gauge.HELD_BYTES)).isZero();
        value.publish(5);
        assertThat(metrics.read(Gauge.HELD_BYTES)).isEqualTo(5);
        value.publish(3);
        assertThat(metrics.read(Gauge.HELD_BYTES)).isEqualTo(3);
    }

    @Test
    void aGaugeIsRegisteredOnce() {
        metrics.register(Gauge.HELD_BYTES, () -> 1);
        assertThatThrownBy(() -> metrics.register(Gauge.HELD_BYTES, () -> 2)).isInstanceOf(AssertionError.class);
        assertThat(metrics.read(Gauge.HELD_BYTES)).isOne();
        assertThatThrownBy(() -> metrics.read(Gauge.CONNECTIONS)).isInstanceOf(IllegalStateException.class);
    }
}
