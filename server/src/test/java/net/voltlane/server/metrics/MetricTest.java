package net.voltlane.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import net.voltlane.protocol.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class MetricTest {
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CLIENT_NOT_FOUND")
    void eachEndIsCountedByItsReason(Reason reason) {
        String name = reason.name().replaceFirst("^CLIENT_", "").toLowerCase(Locale.ROOT);
        assertThat(Metric.ended(reason).series()).isEqualTo("voltlane_sessions_ended_total{reason=\"" + name + "\"}");
    }

    @Test
    void theAnswerThatIsNoEndIsNotCountedAsOne() {
        assertThatThrownBy(() -> Metric.ended(Reason.CLIENT_NOT_FOUND)).isInstanceOf(IllegalArgumentException.class);
    }
}
