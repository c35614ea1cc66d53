package net.voltlane.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import net.voltlane.protocol.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class MetricTest {
    /** A counter's name, as Prometheus takes it, and at most one label of a fixed value. */
    private static final String SERIES = "voltlane_[a-z]+(_[a-z]+)*_total(\\{[a-z]+=\"[a-z_]+\"})?";

    @Test
    void eachHasASeriesOfItsOwn() {
        assertThat(Arrays.stream(Metric.values()).map(Metric::series)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    void eachIsNamedAsPrometheusExpectsAndExplainedInOneLine(Metric metric) {
        assertThat(metric.series()).matches(SERIES);
        assertThat(metric.help()).isNotBlank().doesNotContain("\n").doesNotEndWith(".");
    }

    @Test
    void noTwoAreExplainedInTheSameWords() {
        assertThat(Arrays.stream(Metric.values()).map(Metric::help)).doesNotHaveDuplicates();
    }

    @Test
    void allSeriesOfOneNameHaveTheSameLabel() {
        Set<String> names = Arrays.stream(Metric.values())
                .map(metric -> metric.series().replaceFirst("=.*", ""))
                .collect(Collectors.toSet());
        assertThat(names.stream().map(name -> name.replaceFirst("\\{.*", ""))).doesNotHaveDuplicates();
    }

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

    /** A metric counts if another class names it, or if it is the metric of a reason to end. */
    @Test
    void eachIsCountedSomewhere() {
        JavaClasses server = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("net.voltlane.server");
        JavaClass catalogue = server.get(Metric.class);
        Set<Metric> counted = EnumSet.noneOf(Metric.class);
        for (Metric metric : Metric.values()) {
            boolean named = catalogue.getField(metric.name()).getAccessesToSelf().stream()
                    .anyMatch(access -> !access.getOriginOwner().equals(catalogue));
            if (named) {
                counted.add(metric);
            }
        }
        assertThat(catalogue.getMethod("ended", Reason.class).getCallsOfSelf())
                .as("what counts the ends")
                .isNotEmpty();
        for (Reason reason : EnumSet.complementOf(EnumSet.of(Reason.CLIENT_NOT_FOUND))) {
            counted.add(Metric.ended(reason));
        }
        assertThat(counted).containsExactlyInAnyOrder(Metric.values());
    }
}
