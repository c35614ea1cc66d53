package net.voltlane.systemtest.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;

/**
 * A place in a YAML document, which need not be there.
 *
 * @param value a map, a list, a scalar, or null where nothing is
 */
record Yaml(@Nullable Object value) {

    static List<Yaml> documents(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        List<Yaml> documents = new ArrayList<>();
        for (Object document : new org.yaml.snakeyaml.Yaml(options).loadAll(text)) {
            if (document != null) {
                documents.add(new Yaml(document));
            }
        }
        return documents;
    }

    static List<Yaml> documents(Path file) throws IOException {
        return documents(Files.readString(file));
    }

    static Yaml read(Path file) throws IOException {
        List<Yaml> documents = documents(file);
        if (documents.size() != 1) {
            throw new AssertionError(file + ": " + documents.size() + " documents (expected: 1)");
        }
        return documents.get(0);
    }

    /** The value below all these keys. */
    Yaml at(String... keys) {
        Yaml place = this;
        for (String key : keys) {
            place = new Yaml(place.value instanceof Map<?, ?> map ? map.get(key) : null);
        }
        return place;
    }

    /** The elements of a list; none if nothing is here. */
    List<Yaml> items() {
        return value instanceof List<?> list ? list.stream().map(Yaml::new).toList() : List.of();
    }

    /** The keys of a map, in the order of the document; none if nothing is here. */
    List<String> keys() {
        return value instanceof Map<?, ?> map
                ? map.keySet().stream().map(String::valueOf).toList()
                : List.of();
    }

    /** A scalar as text; empty if nothing is here. */
    String text() {
        return value == null ? "" : String.valueOf(value);
    }

    int number() {
        return Integer.parseInt(text());
    }

    /** The items as text. */
    List<String> texts() {
        return items().stream().map(Yaml::text).toList();
    }

    /** The only item for which a key has a value. */
    Yaml item(String key, String value) {
        Stream<Yaml> found = items().stream().filter(item -> item.at(key).text().equals(value));
        return found.reduce((one, other) -> {
                    throw new AssertionError(key + ": " + value + " is there twice");
                })
                .orElseThrow(() -> new AssertionError(key + ": " + value + " is not there"));
    }

    @Override
    public String toString() {
        return Objects.toString(value);
    }
}
