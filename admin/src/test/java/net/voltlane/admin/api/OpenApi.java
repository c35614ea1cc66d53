package net.voltlane.admin.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import net.voltlane.admin.http.Access;
import org.jspecify.annotations.Nullable;

/**
 * The description of the API, and a check of documents against it. Knows the part of JSON Schema that the description
 * uses, and refuses any other.
 */
public final class OpenApi {
    private static final JsonObject DOCUMENT = read();
    private static final List<String> KNOWN = List.of(
            "$ref",
            "type",
            "properties",
            "required",
            "additionalProperties",
            "items",
            "enum",
            "oneOf",
            "minimum",
            "maximum",
            "pattern",
            "format",
            "description",
            "default");

    private OpenApi() {}

    private static JsonObject read() {
        try (Reader in = new InputStreamReader(
                Objects.requireNonNull(OpenApi.class.getResourceAsStream("openapi.json")), StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(in).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every method and path that is described. */
    public static List<String> operations() {
        List<String> operations = new ArrayList<>();
        for (Map.Entry<String, JsonElement> path :
                DOCUMENT.getAsJsonObject("paths").entrySet()) {
            for (String method : path.getValue().getAsJsonObject().keySet()) {
                operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
            }
        }
        return operations;
    }

    static JsonObject operation(String method, String template) {
        JsonObject path = DOCUMENT.getAsJsonObject("paths").getAsJsonObject(template);
        assertThat(path).as("a description of %s", template).isNotNull();
        JsonObject operation = path.getAsJsonObject(method.toLowerCase(Locale.ROOT));
        assertThat(operation).as("a description of %s %s", method, template).isNotNull();
        return operation;
    }

    /** The permission that the description asks for. */
    public static Access needs(String method, String template) {
        JsonArray security = operation(method, template).getAsJsonArray("security");
        if (security.isEmpty()) {
            return Access.OPEN;
        }
        return security.get(0).getAsJsonObject().keySet().isEmpty() ? Access.READ : Access.CHANGE;
    }

    /** The names of the query's parameters. */
    static List<String> parameters(String method, String template) {
        List<String> names = new ArrayList<>();
        JsonArray parameters = operation(method, template).getAsJsonArray("parameters");
        if (parameters != null) {
            for (JsonElement parameter : parameters) {
                if (parameter.getAsJsonObject().get("in").getAsString().equals("query")) {
                    names.add(parameter.getAsJsonObject().get("name").getAsString());
                }
            }
        }
        return names;
    }

    /** The template of a path that is described; null if none is. */
    static @Nullable String template(String path) {
        String bare = path.split("\\?", 2)[0];
        JsonObject paths = DOCUMENT.getAsJsonObject("paths");
        if (paths.has(bare)) {
            return bare;
        }
        for (String template : paths.keySet()) {
            if (bare.matches(template.replaceAll("\\{[a-z]+}", "[^/]+"))) {
                return template;
            }
        }
        return null;
    }

    /** Checks that an answer is one of those that are described. */
    static void check(String method, String path, int status, String type, JsonElement document) {
        String template = template(path);
        if (template == null
                || !DOCUMENT.getAsJsonObject("paths").getAsJsonObject(template).has(method.toLowerCase(Locale.ROOT))) {
            assertThat(status).as("%s %s is not described", method, path).isIn(404, 405);
            validate(document, schema("Problem"), "");
            return;
        }
        String at = method + " " + path + " -> " + status;
        JsonObject response =
                operation(method, template).getAsJsonObject("responses").getAsJsonObject(Integer.toString(status));
        assertThat(response).as(at + " is described").isNotNull();
        JsonObject content = response.getAsJsonObject("content").getAsJsonObject(type);
        assertThat(content).as(at + " with " + type + " is described").isNotNull();
        validate(document, content.getAsJsonObject("schema"), at + ": ");
    }

    private static JsonObject schema(String name) {
        return DOCUMENT.getAsJsonObject("components").getAsJsonObject("schemas").getAsJsonObject(name);
    }

    private static void validate(JsonElement value, JsonObject schema, String at) {
        List<String> errors = new ArrayList<>();
        errors(value, schema, at, errors);
        assertThat(errors).isEmpty();
    }

    static List<String> errors(JsonElement value, String schemaName) {
        List<String> errors = new ArrayList<>();
        errors(value, schema(schemaName), "", errors);
        return errors;
    }

    private static void errors(JsonElement value, JsonObject schema, String at, List<String> errors) {
        assertThat(KNOWN).as("keywords that are understood").containsAll(schema.keySet());
        if (schema.has("$ref")) {
            String ref = schema.get("$ref").getAsString();
            errors(value, schema(ref.substring(ref.lastIndexOf('/') + 1)), at, errors);
            return;
        }
        if (schema.has("oneOf")) {
            long fits = schema.getAsJsonArray("oneOf").asList().stream()
                    .filter(one -> {
                        List<String> its = new ArrayList<>();
                        errors(value, one.getAsJsonObject(), at, its);
                        return its.isEmpty();
                    })
                    .count();
            if (fits != 1) {
                errors.add(at + " fits " + fits + " of " + schema.get("oneOf"));
            }
            return;
        }
        String type = type(value);
        if (schema.has("type") && !isOf(type, schema.get("type"))) {
            errors.add(at + " is " + value + " (expected: " + schema.get("type") + ")");
            return;
        }
        switch (type) {
            case "object" -> object(value.getAsJsonObject(), schema, at, errors);
            case "array" -> {
                for (int i = 0; i < value.getAsJsonArray().size(); i++) {
                    errors(value.getAsJsonArray().get(i), schema.getAsJsonObject("items"), at + "[" + i + "]", errors);
                }
            }
            case "null" -> {
                // allowed by its type
            }
            default -> primitive(value.getAsJsonPrimitive(), schema, at, errors);
        }
    }

    private static boolean isOf(String type, JsonElement allowed) {
        List<JsonElement> types =
                allowed.isJsonArray() ? allowed.getAsJsonArray().asList() : List.of(allowed);
        return types.stream()
                .map(JsonElement::getAsString)
                .anyMatch(one -> one.equals(type) || one.equals("number") && type.equals("integer"));
    }

    private static String type(JsonElement value) {
        if (value.isJsonNull()) {
            return "null";
        } else if (value.isJsonObject()) {
            return "object";
        } else if (value.isJsonArray()) {
            return "array";
        }
        JsonPrimitive primitive = value.getAsJsonPrimitive();
        if (primitive.isBoolean()) {
            return "boolean";
        } else if (primitive.isString()) {
            return "string";
        }
        return primitive.getAsString().matches("-?[0-9]+") ? "integer" : "number";
    }

    private static void object(JsonObject value, JsonObject schema, String at, List<String> errors) {
        JsonObject properties = schema.has("properties") ? schema.getAsJsonObject("properties") : new JsonObject();
        if (schema.has("required")) {
            for (JsonElement name : schema.getAsJsonArray("required")) {
                if (!value.has(name.getAsString())) {
                    errors.add(at + " has no " + name);
                }
            }
        }
        for (Map.Entry<String, JsonElement> member : value.entrySet()) {
            String name = at + "." + member.getKey();
            JsonElement more = schema.get("additionalProperties");
            if (properties.has(member.getKey())) {
                errors(member.getValue(), properties.getAsJsonObject(member.getKey()), name, errors);
            } else if (more != null && more.isJsonObject()) {
                errors(member.getValue(), more.getAsJsonObject(), name, errors);
            } else if (more != null) {
                errors.add(name + " is not described");
            }
        }
    }

    private static void primitive(JsonPrimitive value, JsonObject schema, String at, List<String> errors) {
        if (schema.has("enum") && !schema.getAsJsonArray("enum").contains(value)) {
            errors.add(at + " is " + value + " (expected: one of " + schema.get("enum") + ")");
        }
        if (schema.has("pattern")
                && !value.getAsString().matches(schema.get("pattern").getAsString())) {
            errors.add(at + " is " + value + " (expected: " + schema.get("pattern") + ")");
        }
        if (value.isNumber()) {
            BigDecimal number = value.getAsBigDecimal();
            if (schema.has("minimum") && number.compareTo(schema.get("minimum").getAsBigDecimal()) < 0
                    || schema.has("maximum")
                            && number.compareTo(schema.get("maximum").getAsBigDecimal()) > 0) {
                errors.add(at + " is " + value + ", out of its range");
            }
        }
    }
}
