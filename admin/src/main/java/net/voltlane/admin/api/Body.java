package net.voltlane.admin.api;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Arrays;
import java.util.List;
import net.voltlane.admin.http.Json;
import net.voltlane.admin.http.ProblemException;
import net.voltlane.admin.http.Request;
import org.jspecify.annotations.Nullable;

/** The body of a request, read strictly: what is not understood is a 400 that says what is expected. Immutable. */
final class Body {
    private final JsonObject object;

    private Body(JsonObject object) {
        this.object = object;
    }

    /**
     * The JSON object of a request for a route that takes these fields; no body is an empty object.
     *
     * @throws ProblemException 415 for another type of content, 400 for another body
     */
    static Body of(Request request, String... known) {
        JsonObject object = Json.body(request);
        List<String> names = Arrays.asList(known);
        for (String name : object.keySet()) {
            if (!names.contains(name)) {
                String expected = names.isEmpty() ? "none" : String.join(", ", names);
                throw Parameters.wrong(Parameters.shown(name) + ": unknown field (expected: " + expected + ")");
            }
        }
        return new Body(object);
    }

    /**
     * A text.
     *
     * @param expected for the message where it is missing
     */
    String text(String name, String expected) {
        JsonElement value = object.get(name);
        if (value instanceof JsonPrimitive text && text.isString()) {
            return text.getAsString();
        }
        throw Parameters.wrong(name + ": " + (value == null ? "missing" : Parameters.shown(value.toString()))
                + " (expected: " + expected + ")");
    }

    /** A whole number in a range; null where it is null or not given. */
    @Nullable
    Long numberOrNull(String name, long min, long max) {
        JsonElement value = object.get(name);
        if (value == null || value.isJsonNull()) {
            return null;
        }
        if (value instanceof JsonPrimitive number
                && number.isNumber()
                && number.getAsString().matches("[0-9]{1,18}")) {
            long given = number.getAsLong();
            if (given >= min && given <= max) {
                return given;
            }
        }
        throw Parameters.wrong(name + ": " + Parameters.shown(value.toString()) + " (expected: a whole number from "
                + min + " to " + max + ", or null)");
    }
}
