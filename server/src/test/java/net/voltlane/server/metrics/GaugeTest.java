package net.voltlane.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class GaugeTest {
    private final Metrics metrics = new Metrics();

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
