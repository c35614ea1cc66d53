package net.voltlane.admin.prometheus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A PromQL expression, as far as it tells which metrics, labels and functions it uses. */
final class PromQl {
    /**
     * A use of a metric.
     *
     * @param matchers the values that a label is compared with, by the label's name
     * @param overTime true for a range of samples, as {@code rate} takes
     */
    record Use(String metric, Map<String, List<String>> matchers, boolean overTime) {}

    private static final Pattern TOKEN = Pattern.compile(
            "\\s+|\"(?:[^\"\\\\]|\\\\.)*\"|\\[[^\\]]*]|[a-zA-Z_:][a-zA-Z0-9_:]*|[0-9.]+[a-z]*|[=!<>]=|=~|!~|[-+*/%^(){},<>=]");
    private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "bool");
    private static final Set<String> GROUPINGS = Set.of("by", "without", "on", "ignoring", "group_left", "group_right");

    final List<Use> uses = new ArrayList<>();
    final Set<String> functions = new HashSet<>();
    /** The labels that results are grouped or matched by. */
    final Set<String> groupings = new HashSet<>();

    private final List<String> tokens = new ArrayList<>();
    private int at;

    private PromQl() {}

    static PromQl of(String expression) {
        PromQl parsed = new PromQl();
        Matcher matcher = TOKEN.matcher(expression);
        int end = 0;
        while (end < expression.length()) {
            if (!matcher.find(end) || matcher.start() != end) {
                throw new IllegalArgumentException("not PromQL: " + expression.substring(end));
            }
            end = matcher.end();
            if (!matcher.group().isBlank()) {
                parsed.tokens.add(matcher.group());
            }
        }
        parsed.parse();
        return parsed;
    }

    private String peek() {
        return at < tokens.size() ? tokens.get(at) : "";
    }

    private String next() {
        String token = peek();
        at++;
        return token;
    }

    private void parse() {
        while (at < tokens.size()) {
            String token = next();
            if (!Character.isLetter(token.charAt(0)) || OPERATORS.contains(token)) {
                continue;
            }
            if (GROUPINGS.contains(token)) {
                grouping();
            } else if (peek().equals("(") || GROUPINGS.contains(peek())) {
                functions.add(token);
            } else {
                use(token);
            }
        }
    }

    private void grouping() {
        expect("(");
        while (!peek().equals(")")) {
            groupings.add(next());
            if (peek().equals(",")) {
                next();
            }
        }
        expect(")");
    }

    private void use(String metric) {
        Map<String, List<String>> matchers = new HashMap<>();
        if (peek().equals("{")) {
            next();
            while (!peek().equals("}")) {
                String label = next();
                String operator = next();
                String value = next();
                if (!Set.of("=", "!=", "=~", "!~").contains(operator) || !value.startsWith("\"")) {
                    throw new IllegalArgumentException("not a matcher: " + label + operator + value);
                }
                String text = value.substring(1, value.length() - 1);
                matchers.put(label, operator.endsWith("~") ? List.of(text.split("\\|")) : List.of(text));
                if (peek().equals(",")) {
                    next();
                }
            }
            next();
        }
        uses.add(new Use(metric, matchers, peek().startsWith("[")));
    }

    private void expect(String token) {
        if (!next().equals(token)) {
            throw new IllegalArgumentException("expected " + token + " in " + tokens);
        }
    }
}
