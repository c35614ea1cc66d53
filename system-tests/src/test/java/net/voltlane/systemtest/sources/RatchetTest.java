package net.voltlane.systemtest.sources;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import net.voltlane.testkit.pages.Page;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the sources of every module to the bounds in {@code ratchet.txt}. A bound is what the worst place measures
 * today; the aim is in the head of the table. With {@code -Dratchet.write=true} the table is written anew.
 */
class RatchetTest {
    private static final List<SourceTree> TREES = SourceTree.all();

    static List<SourceTree> trees() {
        return TREES;
    }

    @BeforeAll
    static void write() throws IOException {
        if (Boolean.getBoolean("ratchet.write")) {
            List<String> lines =
                    TREES.stream().map(tree -> Bounds.line(tree, values(tree))).toList();
            Files.write(Page.PROJECT.resolve(Bounds.FILE), Bounds.table(lines));
        }
    }

    @ParameterizedTest
    @MethodSource("trees")
    void nothingIsWorseThanItsBound(SourceTree tree) {
        Bounds bounds = Bounds.read(Page.PROJECT);
        List<String> worse = new ArrayList<>();
        for (Rule rule : Rule.values()) {
            int bound = bounds.of(tree, rule);
            List<Finding> findings = rule.findings(tree);
            if (rule.value(findings) > bound) {
                worse.add("%s of %s: %d, where at most %d are allowed (the aim is %d)%s"
                        .formatted(
                                rule.column(),
                                tree.name(),
                                rule.value(findings),
                                bound,
                                rule.aim(tree),
                                places(rule.above(bound, findings))));
            }
        }
        assertThat(worse).isEmpty();
    }

    @Test
    void theTableIsAsTightAsItCanBe() throws IOException {
        List<String> lines =
                TREES.stream().map(tree -> Bounds.line(tree, values(tree))).toList();
        List<String> now = Files.readAllLines(Page.PROJECT.resolve(Bounds.FILE));
        assertThat(now)
                .as("%s: paste these lines, or run with -Dratchet.write=true", Bounds.FILE)
                .isEqualTo(Bounds.table(lines));
    }

    private static Map<Rule, Integer> values(SourceTree tree) {
        Map<Rule, Integer> values = new EnumMap<>(Rule.class);
        for (Rule rule : Rule.values()) {
            values.put(rule, rule.value(rule.findings(tree)));
        }
        return values;
    }

    private static String places(List<Finding> findings) {
        return findings.stream().map(finding -> "\n  " + finding).collect(joining());
    }
}
