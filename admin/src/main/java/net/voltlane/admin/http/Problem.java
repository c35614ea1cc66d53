package net.voltlane.admin.http;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An error as a problem document (RFC 9457).
 *
 * @param detail a sentence for people: what is wrong, and what is expected
 * @param errors a line for each error, where there can be several; most often empty
 * @param headers what the answer's status needs beside the document
 */
public record Problem(int status, String detail, List<String> errors, Map<String, String> headers) {
    /** A problem with one sentence. */
    public static Problem of(int status, String detail) {
        return new Problem(status, detail, List.of(), Map.of());
    }

    /** A copy with a line for each error. */
    public Problem withErrors(List<String> lines) {
        return new Problem(status, detail, List.copyOf(lines), headers);
    }

    Problem withHeader(String name, String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(name, value);
        return new Problem(status, detail, errors, all);
    }

    /** The problem as an answer. */
    public Response response() {
        JsonObject document = new JsonObject();
        document.addProperty("type", "about:blank");
        document.addProperty("title", HttpResponseStatus.valueOf(status).reasonPhrase());
        document.addProperty("status", status);
        document.addProperty("detail", detail);
        if (!errors.isEmpty()) {
            JsonArray lines = new JsonArray();
            errors.forEach(lines::add);
            document.add("errors", lines);
        }
        Response response = Response.text(status, "application/problem+json", Json.text(document));
        for (Map.Entry<String, String> header : headers.entrySet()) {
            response = response.with(header.getKey(), header.getValue());
        }
        return response;
    }
}
