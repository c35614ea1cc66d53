package net.voltlane.protocol;

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
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The test vectors, which the reference implementation made. Where code and vectors differ, the code is wrong. */
final class Vectors {

    /** A handshake packet and its bytes. */
    record Encoded(HandshakePacket packet, byte[] payload, byte[] frame) {}

    /** Bytes from a peer and their packet; null if they must be refused. */
    record Decoded(byte[] payload, @Nullable HandshakePacket packet) {}

    /** A firehose packet and its bytes. */
    record Tagged(FirehosePacket packet, byte[] frame) {}

    private Vectors() {}

    static List<Encoded> encoded() {
        return objects("handshake.json", "encode")
                .map(v -> new Encoded(packet(v.getAsJsonObject("packet")), hex(v, "payload"), hex(v, "frame")))
                .toList();
    }

    static List<Decoded> decoded() {
        return objects("handshake.json", "decode")
                .map(v -> new Decoded(
                        hex(v, "payload"), v.get("packet").isJsonNull() ? null : packet(v.getAsJsonObject("packet"))))
                .toList();
    }

    static List<Tagged> tagged() {
        return objects("firehose.json", "packets")
                .map(v -> new Tagged(
                        new FirehosePacket(
                                Long.parseUnsignedLong(v.get("id").getAsString()),
                                Objects.requireNonNull(Flag.of(v.get("flag").getAsInt())),
                                hex(v, "data")),
                        hex(v, "frame")))
                .toList();
    }

    private static HandshakePacket packet(JsonObject json) {
        return switch (json.get("type").getAsString()) {
            case "Ping" -> new Ping();
            case "ProtocolVersion" ->
                new ProtocolVersion((int) json.get("value").getAsLong());
            case "PubKey" -> new PubKey(hex(json, "bytes"));
            case "ClientId" ->
                new ClientId(Long.parseUnsignedLong(json.get("value").getAsString()));
            case "Challenge" -> new Challenge(hex(json, "bytes"));
            case "ChallengeResponse" -> new ChallengeResponse(hex(json, "bytes"));
            default -> throw new AssertionError(json);
        };
    }

    private static byte[] hex(JsonObject json, String name) {
        return HexFormat.of().parseHex(json.get(name).getAsString());
    }

    private static Stream<JsonObject> objects(String file, String name) {
        JsonArray array = read(file).getAsJsonArray(name);
        return StreamSupport.stream(array.spliterator(), false).map(JsonElement::getAsJsonObject);
    }

    private static JsonObject read(String file) {
        try (InputStream in = Objects.requireNonNull(Vectors.class.getResourceAsStream("/vectors/" + file), file);
                Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(reader).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
