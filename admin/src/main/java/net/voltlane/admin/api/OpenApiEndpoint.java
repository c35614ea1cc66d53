package net.voltlane.admin.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionStage;
import net.voltlane.admin.http.Endpoint;
import net.voltlane.admin.http.Request;
import net.voltlane.admin.http.Response;

/** The description of the API in OpenAPI 3.1, a file of the jar. Immutable. */
final class OpenApiEndpoint implements Endpoint {
    private static final String FILE = "openapi.json";

    private final byte[] text = read();

    private static byte[] read() {
        try (InputStream in = OpenApiEndpoint.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is not in the jar");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public CompletionStage<Response> handle(Request request) {
        Parameters.of(request);
        return Response.of(200, "application/json", text).now();
    }
}
