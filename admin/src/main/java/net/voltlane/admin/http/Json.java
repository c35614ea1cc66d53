package net.voltlane.admin.http;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** JSON as the API writes and reads it: names with the value null are written too. */
public final class Json {
    private static final Gson GSON =
            new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

    private Json() {}

    /** The JSON text of a tree, a record, a map or a list. */
    public static String text(Object value) {
        return GSON.toJson(value);
    }

    /** The JSON tree of the same. */
    public static JsonElement tree(Object value) {
        return GSON.toJsonTree(value);
    }

    /**
     * The object that a body holds; an empty one where there is no body.
     *
     * @throws ProblemException 415 for another type of content, 400 for a body that is no JSON object
     */
    public static JsonObject body(Request request) {
        if (request.body().length == 0) {
            return new JsonObject();
        }
        String type = request.header("content-type");
        if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
            throw new ProblemException(Problem.of(415, "Content-Type (expected: application/json)"));
        }
        try {
            var chars = new InputStreamReader(
                    new ByteArrayInputStream(request.body()), StandardCharsets.UTF_8.newDecoder());
            JsonReader reader = new JsonReader(chars);
            reader.setStrictness(Strictness.STRICT);
            JsonElement element = JsonParser.parseReader(reader);
            if (element.isJsonObject() && reader.peek() == JsonToken.END_DOCUMENT) {
                return element.getAsJsonObject();
            }
        } catch (CharacterCodingException | JsonParseException e) {
            throw new ProblemException(Problem.of(400, "the body is no JSON"));
        } catch (IOException | IllegalStateException e) {
            throw new ProblemException(Problem.of(400, "the body is no JSON"));
        }
        throw new ProblemException(Problem.of(400, "body (expected: a JSON object)"));
    }
}
