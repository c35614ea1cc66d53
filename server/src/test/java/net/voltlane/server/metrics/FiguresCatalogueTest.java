package net.voltlane.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.voltlane.protocol.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules for all entries of the catalogue. */
final class FiguresCatalogueTest {
    private static final String NAME = "voltlane_[a-z]+(_[a-z]+)*";
    private static final String LABEL = "[a-z]+(_[a-z]+)*";

    private static List<Figure> figures() {
        return Stream.<Figure[]>of(Metric.values(), Gauge.values(), Timing.values(), LoopFigure.values())
                .flatMap(Stream::of)
                .toList();
    }

    private static Set<Family> families() {
        return figures().stream().map(Figure::family).collect(Collectors.toSet());
    }

    @ParameterizedTest
    @MethodSource("families")
    void eachFamilyIsNamedAsPrometheusExpects(Family family) {
        assertThat(family.name()).matches(NAME).doesNotEndWith("_bucket").doesNotEndWith("_count");
        assertThat(family.name().endsWith("_total")).isEqualTo(family.type() == Family.Type.COUNTER);
        String unit = family.unit().text();
        switch (family.unit()) {
            case BYTES, COMPUTATIONS, SECONDS ->
                assertThat(family.name().replaceFirst("_total$", "")).endsWith("_" + unit);
            case CONNECTIONS, SESSIONS, HANDSHAKES, LINKS, PACKETS, RESUMES ->
                assertThat(family.name()).matches(".*_(clients|" + unit + ")(_.*)?");
            case YES_OR_NO -> assertThat(family.name()).matches("voltlane_(ready|draining)|.*_(up|held|paused)");
            case EVENTS -> assertThat(family.type()).isEqualTo(Family.Type.COUNTER);
        }
        if (family.label() != null) {
            assertThat(family.label()).matches(LABEL);
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void eachFamilySaysInOneLineWhatItIsAndWhatToLookAt(Family family) {
        assertThat(family.help()).isNotBlank().doesNotContain("\n").doesNotEndWith(".");
        assertThat(family.look()).isNotBlank().doesNotContain("\n").endsWith(".");
    }

    @ParameterizedTest
    @MethodSource("figures")
    void eachIsExplainedInOneLine(Figure figure) {
        assertThat(figure.help()).isNotBlank().doesNotContain("\n").doesNotEndWith(".");
        if (figure.labelValue() != null) {
            assertThat(figure.labelValue()).matches(LABEL);
        }
    }

    @Test
    void noTwoHaveTheSameNameOrTheSameWords() {
        assertThat(figures()).extracting(Figure::series).doesNotHaveDuplicates();
        assertThat(figures()).extracting(Figure::help).doesNotHaveDuplicates();
        assertThat(families()).extracting(Family::name).doesNotHaveDuplicates();
        assertThat(families()).extracting(Family::help).doesNotHaveDuplicates();
    }

    /** Prometheus clients make names with these endings of the names of histograms and counters. */
    @Test
    void noNameIsMadeOfAnother() {
        Set<String> names = families().stream().map(Family::name).collect(Collectors.toSet());
        for (Family family : families()) {
            String base = family.name().replaceFirst("_total$", "");
            assertThat(names).doesNotContain(base + "_sum", base + "_count", base + "_bucket", base + "_created");
            assertThat(family.type() == Family.Type.COUNTER && names.contains(base))
                    .isFalse();
        }
    }

    @Test
    void aFigureOfALabelledFamilyHasAValueForItsLabelOrOneForEachLoop() {
        for (Figure figure : figures()) {
            boolean perLoop = figure instanceof LoopFigure;
            assertThat(figure.labelValue() != null || perLoop)
                    .as(figure.series())
                    .isEqualTo(figure.family().label() != null);
        }
    }

    @Test
    void theBoundsOfABucketGrow() {
        for (Timing timing : Timing.values()) {
            for (int i = 1; i < timing.buckets(); i++) {
                assertThat(timing.boundNanos(i)).isGreaterThan(timing.boundNanos(i - 1));
            }
            assertThat(timing.boundNanos(timing.buckets() - 1)).isEqualTo(Long.MAX_VALUE);
        }
    }

    /** A figure has a value if a class outside the catalogue names it, or if it counts a reason to end. */
    @Test
    void eachHasAValueSomewhere() {
        JavaClasses server = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("net.voltlane.server");
        Map<String, Figure> all =
                figures().stream().collect(Collectors.toMap(figure -> ((Enum<?>) figure).name(), Function.identity()));
        Set<Figure> named = all.values().stream()
                .filter(figure ->
                        server.get(figure.getClass()).getField(((Enum<?>) figure).name()).getAccessesToSelf().stream()
                                .anyMatch(access -> !isInCatalogue(access.getOriginOwner(), figure)))
                .collect(Collectors.toSet());
        assertThat(server.get(Metric.class).getMethod("ended", Reason.class).getCallsOfSelf())
                .as("what counts the ends")
                .isNotEmpty();
        for (Reason reason : EnumSet.complementOf(EnumSet.of(Reason.CLIENT_NOT_FOUND))) {
            named.add(Metric.ended(reason));
        }
        assertThat(named).containsExactlyInAnyOrderElementsOf(all.values());
    }

    private static boolean isInCatalogue(JavaClass origin, Figure figure) {
        return origin.isEquivalentTo(figure.getClass());
    }
}
