package net.voltlane.proof;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;

/** The test vectors, which were computed with other libraries. Each is a set of named byte strings. */
final class Vectors {

    /** A test vector. */
    record Vector(JsonObject json) {

        byte[] bytes(String name) {
            return HexFormat.of().parseHex(json.get(name).getAsString());
        }

        String text(String name) {
            return json.get(name).getAsString();
        }

        boolean isTrue(String name) {
            return json.get(name).getAsBoolean();
        }

        KeyPair keyPair(String name) {
            return KeyPair.ofSecret(bytes(name));
        }
    }

    private Vectors() {}

    static List<Vector> proofs() {
        return vectors("proofs");
    }

    static List<Vector> boxes() {
        return vectors("boxes");
    }

    static List<Vector> keys() {
        return vectors("keys");
    }

    /** The handshake of version 3 in the vectors, with every value on the way. */
    static Vector version3() {
        return new Vector(read("protocol3.json"));
    }

    private static List<Vector> vectors(String name) {
        JsonArray array = read("proof.json").getAsJsonArray(name);
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .map(Vector::new)
                .toList();
    }

    private static JsonObject read(String file) {
        try (InputStream in = Objects.requireNonNull(Vectors.class.getResourceAsStream("/vectors/" + file));
                Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(reader).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
