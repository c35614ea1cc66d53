package net.voltlane.admin.prometheus;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A strict reader of an exposition. It accepts what the two formats allow, and of that only what a careful server writes:
 * metadata before samples, one block for each family, no series twice, consistent histograms.
 */
final class Exposition {
    /** The samples of one name. */
    static final class Block {
        final String name;
        String type = "";
        String help = "";

        @Nullable
        String unit;

        /** By name and labels, the labels in the order of their names. */
        final Map<String, Double> samples = new LinkedHashMap<>();

        final Set<String> labelNames = new HashSet<>();

        Block(String name) {
            this.name = name;
        }

        double value(String series) {
            Double value = samples.get(series);
            if (value == null) {
                throw new IllegalArgumentException("no " + series + " in " + samples.keySet());
            }
            return value;
        }
    }

    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\\"n])*)\"(,|$)");
    private static final Set<String> TYPES = Set.of("counter", "gauge", "histogram", "summary", "info");

    private final boolean open;
    private final Map<String, Block> blocks = new LinkedHashMap<>();
    private @Nullable Block block;

    private Exposition(boolean open) {
        this.open = open;
    }

    /** Reads the text format of Prometheus. */
    static Map<String, Block> prometheus(String text) {
        return new Exposition(false).read(text);
    }

    /** Reads the text format of OpenMetrics. */
    static Map<String, Block> openMetrics(String text) {
        String eof = "# EOF\n";
        check(text.endsWith(eof), "does not end with # EOF");
        return new Exposition(true).read(text.substring(0, text.length() - eof.length()));
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException(what);
        }
    }

    private Map<String, Block> read(String text) {
        check(text.endsWith("\n"), "the last line does not end");
        for (String line : text.substring(0, text.length() - 1).split("\n", -1)) {
            check(!line.isEmpty(), "an empty line");
            if (line.startsWith("#")) {
                metadata(line);
            } else {
                sample(line);
            }
        }
        blocks.values().forEach(this::checkWhole);
        return blocks;
    }

    private void metadata(String line) {
        String[] words = line.split(" ", 4);
        check(words.length == 4 && words[0].equals("#"), "no metadata: " + line);
        String name = words[2];
        check(NAME.matcher(name).matches(), "not a name: " + line);
        Block of = block;
        if (of == null || !of.name.equals(name)) {
            check(of == null || !of.samples.isEmpty(), "no samples before: " + line);
            of = new Block(name);
            check(blocks.put(name, of) == null, "a second block: " + line);
            block = of;
        }
        check(of.samples.isEmpty(), "metadata behind samples: " + line);
        String value = words[3];
        switch (words[1]) {
            case "HELP" -> {
                check(of.help.isEmpty(), "a second HELP: " + line);
                of.help = value;
            }
            case "UNIT" -> {
                check(open && of.unit == null, "a second UNIT, or outside OpenMetrics: " + line);
                check(name.endsWith("_" + value), "the name does not end with the unit: " + line);
                of.unit = value;
            }
            case "TYPE" -> {
                check(of.type.isEmpty(), "a second TYPE: " + line);
                check(TYPES.contains(value) && (open || !value.equals("info")), "not a type: " + line);
                of.type = value;
            }
            default -> throw new IllegalArgumentException("neither HELP nor TYPE nor UNIT: " + line);
        }
    }

    private void sample(String line) {
        Matcher matcher = SAMPLE.matcher(line);
        check(matcher.matches(), "not a sample: " + line);
        Block of = block;
        if (of == null || of.type.isEmpty()) {
            throw new IllegalArgumentException("a sample without TYPE: " + line);
        }
        String name = matcher.group(1);
        check(suffixes(of.type).stream().anyMatch(suffix -> name.equals(of.name + suffix)), of.name + " has " + line);
        String labels = labels(matcher.group(2), line, of);
        double value = number(matcher.group(3), line);
        check(of.samples.put(name + labels, value) == null, "a series twice: " + line);
    }

    private List<String> suffixes(String type) {
        return switch (type) {
            case "counter" -> List.of(open ? "_total" : "");
            case "histogram" -> List.of("_bucket", "_count", "_sum");
            case "summary" -> List.of("", "_count", "_sum");
            case "info" -> List.of("_info");
            default -> List.of("");
        };
    }

    private static String labels(@Nullable String text, String line, Block of) {
        if (text == null) {
            return "";
        }
        Map<String, String> labels = new TreeMap<>();
        Matcher matcher = LABEL.matcher(text);
        int end = 0;
        while (end < text.length()) {
            check(matcher.find(end) && matcher.start() == end, "not a label: " + line);
            check(labels.put(matcher.group(1), matcher.group(2)) == null, "a label twice: " + line);
            end = matcher.end();
        }
        of.labelNames.addAll(labels.keySet());
        List<String> written = new ArrayList<>();
        labels.forEach((name, value) -> written.add(name + "=\"" + value + "\""));
        return "{" + String.join(",", written) + "}";
    }

    private static double number(String text, String line) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            case "NaN" -> Double.NaN;
            default -> {
                check(text.matches("-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?"), "not a number: " + line);
                yield Double.parseDouble(text);
            }
        };
    }

    private void checkWhole(Block whole) {
        check(!whole.samples.isEmpty(), "no samples: " + whole.name);
        check(!whole.help.isBlank(), "no HELP: " + whole.name);
        if (whole.type.equals("counter")) {
            check(open || whole.name.endsWith("_total"), "a counter that is no total: " + whole.name);
            whole.samples.forEach((series, value) -> check(value >= 0, "below 0: " + series));
        } else if (whole.type.equals("histogram")) {
            checkHistogram(whole);
        }
    }

    /** The histogram has one series, as all those of this server have. */
    private static void checkHistogram(Block whole) {
        double lastBound = Double.NEGATIVE_INFINITY;
        double lastCount = 0;
        for (Map.Entry<String, Double> sample : whole.samples.entrySet()) {
            Matcher bucket = Pattern.compile(".*_bucket\\{le=\"(.*)\"}").matcher(sample.getKey());
            if (bucket.matches()) {
                double bound = number(bucket.group(1), sample.getKey());
                check(bound > lastBound, "bounds do not grow: " + sample);
                check(sample.getValue() >= lastCount, "buckets shrink: " + sample);
                lastBound = bound;
                lastCount = sample.getValue();
            }
        }
        check(lastBound == Double.POSITIVE_INFINITY, "no last bucket: " + whole.name);
        check(whole.value(whole.name + "_count") == lastCount, "the count is not that of the buckets: " + whole.name);
        check(whole.value(whole.name + "_sum") >= 0, "a negative sum: " + whole.name);
    }
}
