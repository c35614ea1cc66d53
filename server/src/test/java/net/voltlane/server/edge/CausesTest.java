package net.voltlane.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import net.voltlane.server.metrics.Metric;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CausesTest {
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.MATCH_ANY,
            names = {"REJECTED_.*", "REFUSED_.*"})
    void everyRejectionAndRefusalHasWordsOfItsOwnForOneClient(Metric metric) {
        assertThat(Causes.of(metric)).isNotEqualTo(metric.help());
    }
}
