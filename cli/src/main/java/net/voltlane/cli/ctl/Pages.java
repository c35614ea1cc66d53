package net.voltlane.cli.ctl;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import net.voltlane.cli.ctl.client.ApiClient;
import net.voltlane.cli.ctl.client.ApiClient.Answer;
import net.voltlane.cli.ctl.client.ApiException;
import net.voltlane.cli.ctl.client.Doc;

/** A list that the server gives in pages, put together to one document. */
final class Pages {
    private static final int PAGE = 256;
    private static final String NEXT = "next";

    private Pages() {}

    /**
     * Turns pages until the list ends or {@code limit} entries are there.
     *
     * @param query more of the query, beginning with {@code &}; or empty
     * @param name the member with the list
     * @param limit at least 1
     */
    static Answer all(ApiClient api, String path, String query, String name, int limit) throws ApiException {
        JsonArray entries = new JsonArray();
        JsonElement next = JsonNull.INSTANCE;
        do {
            int page = Math.min(PAGE, limit - entries.size());
            String cursor = next.isJsonNull() ? "" : "&cursor=" + encoded(next.getAsString());
            JsonObject answer =
                    api.get(path + "?limit=" + page + query + cursor).doc().json();
            JsonArray more = answer.get(name) instanceof JsonArray array ? array : new JsonArray();
            entries.addAll(more);
            boolean goesOn = answer.has(NEXT) && answer.get(NEXT).isJsonPrimitive();
            next = goesOn ? answer.get(NEXT) : JsonNull.INSTANCE;
        } while (!next.isJsonNull() && entries.size() < limit);
        JsonObject whole = new JsonObject();
        whole.add(name, entries);
        whole.add(NEXT, next);
        return new Answer(new Doc(whole));
    }

    /** Text as a value in a query. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
