package net.voltlane.server.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A constant of an enum, by name, in any case of letters. */
final class Choice<E extends Enum<E>> implements ValueType<E> {

    private final Map<E, String> names = new LinkedHashMap<>();

    private Choice(Class<E> type, Function<E, String> spelling) {
        for (E constant : type.getEnumConstants()) {
            names.put(constant, spelling.apply(constant));
        }
    }

    /** Names of their own. */
    static <E extends Enum<E>> Choice<E> spelled(Class<E> type, Function<E, String> spelling) {
        return new Choice<>(type, spelling);
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Names written as {@code name}. */
    static <E extends Enum<E>> Choice<E> of(Class<E> type) {
        return new Choice<>(type, Choice::lower);
    }

    /** Names written as {@code Name}. */
    static <E extends Enum<E>> Choice<E> capitalised(Class<E> type) {
        return new Choice<>(
                type, constant -> constant.name().charAt(0) + lower(constant).substring(1));
    }

    @Override
    public @Nullable E ofText(String text) {
        for (Map.Entry<E, String> entry : names.entrySet()) {
            if (entry.getValue().equalsIgnoreCase(text.strip())) {
                return entry.getKey();
            }
        }
        return null;
    }

    @Override
    public @Nullable E ofToml(Object value) {
        return value instanceof String text ? ofText(text) : null;
    }

    @Override
    public Object plain(E value) {
        return names.getOrDefault(value, value.name());
    }

    @Override
    public String expected() {
        return "one of " + String.join(", ", names.values());
    }

    /** A number or a truth value is most often a word that lacks its quotes, such as 1.3. */
    @Override
    public String expectedInsteadOf(Object found) {
        if (!(found instanceof Number || found instanceof Boolean)) {
            return expected();
        }
        List<String> quoted = names.values().stream().map(TomlText::quoted).toList();
        int last = quoted.size() - 1;
        return String.join(", ", quoted.subList(0, last)) + " or " + quoted.get(last) + ", in quotes";
    }
}
