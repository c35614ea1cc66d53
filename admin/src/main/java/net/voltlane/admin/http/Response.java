package net.voltlane.admin.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An answer. Immutable, except that the body is not copied.
 *
 * @param contentType null where there is no body
 * @param headers beside those that every answer has
 * @param stream null for an answer that is complete; otherwise given the open stream behind the head, on the HTTP
 *     server's thread
 */
public record Response(
        int status,
        @Nullable String contentType,
        Map<String, String> headers,
        byte[] body,
        @Nullable Consumer<ResponseStream> stream) {
    private static final byte[] NONE = {};

    /** A complete answer. */
    public static Response of(int status, String contentType, byte[] body) {
        return new Response(status, contentType, Map.of(), body, null);
    }

    /** An answer with text. */
    public static Response text(int status, String contentType, String body) {
        return of(status, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    /** An answer in JSON, made from a tree or a record by {@link Json}. */
    public static Response json(int status, Object value) {
        return text(status, "application/json", Json.text(value));
    }

    /** An answer without a body. */
    public static Response empty(int status) {
        return new Response(status, null, Map.of(), NONE, null);
    }

    /** An answer whose body goes on until one side closes. */
    public static Response stream(String contentType, Consumer<ResponseStream> opened) {
        return new Response(200, contentType, Map.of(), NONE, opened);
    }

    /** A copy with one more header. */
    public Response with(String header, String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(header, value);
        return new Response(status, contentType, all, body, stream);
    }

    /** A stage that is complete with this answer. */
    public CompletionStage<Response> now() {
        return CompletableFuture.completedStage(this);
    }
}
