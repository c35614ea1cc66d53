package net.voltlane.systemtest.sources;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The table of bounds: a line for each source tree that falls short of an aim, a column for each rule, and a dot where
 * the bound is the aim itself.
 */
final class Bounds {
    /** The table, relative to the project's folder. */
    static final Path FILE = Path.of("system-tests/src/test/resources/net/voltlane/systemtest/sources/ratchet.txt");

    private static final String AT_THE_AIM = ".";

    private final Map<String, Map<Rule, Integer>> byTree;

    private Bounds(Map<String, Map<Rule, Integer>> byTree) {
        this.byTree = byTree;
    }

    /** Reads the table from the folder of the project. */
    static Bounds read(Path project) {
        try {
            return parse(Files.readAllLines(project.resolve(FILE)));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Reads the lines of a table. */
    static Bounds parse(List<String> lines) {
        Map<String, Map<Rule, Integer>> byTree = new HashMap<>();
        for (String line : lines) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] cells = line.strip().split(" +");
                if (cells.length != 1 + Rule.values().length) {
                    throw new IllegalArgumentException(FILE + ": a line has another number of columns: " + line);
                }
                Map<Rule, Integer> bounds = new HashMap<>();
                for (Rule rule : Rule.values()) {
                    String cell = cells[1 + rule.ordinal()];
                    if (!cell.equals(AT_THE_AIM)) {
                        bounds.put(rule, Integer.valueOf(cell));
                    }
                }
                byTree.put(cells[0], bounds);
            }
        }
        return new Bounds(byTree);
    }

    /** The bound that holds for a tree. */
    int of(SourceTree tree, Rule rule) {
        return byTree.getOrDefault(tree.name(), Map.of()).getOrDefault(rule, rule.aim(tree));
    }

    /** The line that a tree would have with these values; it is left out of the table where every cell is at its aim. */
    static String line(SourceTree tree, Map<Rule, Integer> values) {
        return row(
                tree.name(),
                Arrays.stream(Rule.values())
                        .map(rule -> values.get(rule) > rule.aim(tree)
                                ? values.get(rule).toString()
                                : AT_THE_AIM)
                        .toList());
    }

    /** The whole table. */
    static List<String> table(List<String> lines) {
        List<String> table = new ArrayList<>(List.of(
                "# Read by RatchetTest, written by it with -Dratchet.write=true. Bounds go down, never up.",
                "# A dot: the aim is met, and is the bound. A tree without a line meets all aims.",
                row("#", Arrays.stream(Rule.values()).map(Rule::column).toList()),
                row("# aim, main", aims(true)),
                row("# aim, test", aims(false))));
        lines.stream().filter(line -> line.matches(".*\\d.*")).forEach(table::add);
        return table;
    }

    private static List<String> aims(boolean ofMain) {
        return Arrays.stream(Rule.values())
                .map(rule -> ofMain ? rule.aimOfMain : rule.aimOfTests)
                .map(aim -> aim == Integer.MAX_VALUE ? "any" : aim.toString())
                .toList();
    }

    private static String row(String name, List<String> cells) {
        StringBuilder row = new StringBuilder(String.format("%-20s", name));
        cells.forEach(cell -> row.append(String.format("%15s", cell)));
        return row.toString();
    }
}
