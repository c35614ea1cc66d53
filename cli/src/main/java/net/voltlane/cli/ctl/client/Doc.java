package net.voltlane.cli.ctl.client;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.cli.ctl.text.Visible;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object of a server. A member that is absent, or of another type, reads as null, because a newer or older server
 * may have other members. Paths go down with dots: {@code master.queue.bytes}. Immutable.
 */
public final class Doc {
    private final JsonObject object;

    /** The object, which must not change any more. */
    public Doc(JsonObject object) {
        this.object = object;
    }

    /** The object itself, to read only. */
    public JsonObject json() {
        return object;
    }

    /** The text, number or boolean at a path as text with every character visible, or {@code otherwise}. */
    public String text(String path, String otherwise) {
        JsonElement element = find(path);
        return element instanceof JsonPrimitive primitive ? Visible.line(primitive.getAsString()) : otherwise;
    }

    /** The text at a path with every character visible, or {@code -}. */
    public String text(String path) {
        return text(path, "-");
    }

    /** The number at a path, or null. */
    public @Nullable Double number(String path) {
        return find(path) instanceof JsonPrimitive primitive && primitive.isNumber() ? primitive.getAsDouble() : null;
    }

    /** The number at a path, or 0. */
    public double numberOrZero(String path) {
        Double number = number(path);
        return number == null ? 0 : number;
    }

    /** True if there is a true at a path. */
    public boolean is(String path) {
        return find(path) instanceof JsonPrimitive primitive && primitive.isBoolean() && primitive.getAsBoolean();
    }

    /** The object at a path, or null. */
    public @Nullable Doc at(String path) {
        return find(path) instanceof JsonObject found ? new Doc(found) : null;
    }

    /** The value at a path as JSON with every character visible, or {@code -}. */
    public String value(String path) {
        JsonElement element = find(path);
        return element == null ? "-" : Visible.line(element.toString());
    }

    /** The objects in the list at a path; none where there is no list. */
    public List<Doc> list(String path) {
        List<Doc> docs = new ArrayList<>();
        for (JsonElement element : array(path)) {
            if (element instanceof JsonObject found) {
                docs.add(new Doc(found));
            }
        }
        return docs;
    }

    /** The texts in the list at a path, with every character visible. */
    public List<String> texts(String path) {
        List<String> texts = new ArrayList<>();
        for (JsonElement element : array(path)) {
            if (element instanceof JsonPrimitive primitive) {
                texts.add(Visible.line(primitive.getAsString()));
            }
        }
        return texts;
    }

    /** The numbers in the list at a path; null for what is not one. */
    public List<@Nullable Double> numbers(String path) {
        List<@Nullable Double> numbers = new ArrayList<>();
        for (JsonElement element : array(path)) {
            numbers.add(
                    element instanceof JsonPrimitive primitive && primitive.isNumber()
                            ? primitive.getAsDouble()
                            : null);
        }
        return numbers;
    }

    /** The names of the object's members in their order, raw: look members up by them, show {@link Visible#line}. */
    public List<String> names() {
        return List.copyOf(object.keySet());
    }

    private JsonArray array(String path) {
        return find(path) instanceof JsonArray array ? array : new JsonArray();
    }

    private @Nullable JsonElement find(String path) {
        JsonElement here = object;
        for (String name : path.split("\\.")) {
            if (!(here instanceof JsonObject parent)) {
                return null;
            }
            here = parent.get(name);
        }
        return here;
    }
}
