package net.voltlane.cli.ctl.client;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.cli.ctl.text.Visible;
import net.voltlane.protocol.SystemWords;
import net.voltlane.server.config.Address;
import org.jspecify.annotations.Nullable;

/** Asks one server. Each request has a connection of its own. Confined to a thread. */
public final class ApiClient {
    /** The usual time for a request, in ms. */
    public static final int TIMEOUT_MILLIS = 10_000;

    private static final String API = "/api/v1/";
    private static final String PROBLEM = "application/problem+json";
    private static final String JSON = "application/json";
    private static final int MAX_SHOWN_CHARS = 1000;
    private static final int UNAUTHORIZED = 401;
    private static final int NOT_FOUND = 404;
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;
    private static final int REDIRECTS = 300;

    private final Target target;
    private final int timeoutMillis;

    /**
     * A client of that server.
     *
     * @param timeoutMillis the time for each request, at least 1
     */
    public ApiClient(Target target, int timeoutMillis) {
        this.target = target;
        this.timeoutMillis = timeoutMillis;
    }

    /**
     * An answer of the API.
     *
     * @param httpStatus such as 200
     * @param text the JSON document as it came, with every character visible
     * @param doc the same, read
     */
    public record Answer(int httpStatus, String text, Doc doc) {
        /** An answer that was made of others, with success. */
        public Answer(Doc doc) {
            this(OK, Visible.json(doc.json().toString()), doc);
        }

        /** True if the server did what it was asked, or is well. */
        public boolean isSuccess() {
            return httpStatus < REDIRECTS;
        }
    }

    /** The server that is asked. */
    public Target target() {
        return target;
    }

    /**
     * Reads from the API.
     *
     * @param path below {@code /api/v1/}, with its query
     * @throws ApiException unless the server answers with a success
     */
    public Answer get(String path) throws ApiException {
        return successful(read(API + path));
    }

    /**
     * Changes something by the API.
     *
     * @param path below {@code /api/v1/}
     * @param body what to send, or null
     * @throws ApiException unless the server answers with a success
     */
    public Answer post(String path, @Nullable JsonObject body) throws ApiException {
        return successful(exchange("POST", API + path, body == null ? "" : body.toString(), target.token()));
    }

    /**
     * Reads a health check, whose answer counts for whatever status.
     *
     * @param path such as {@code /readyz}
     * @throws ApiException unless the server answers with JSON of the statuses 200 or 503
     */
    public Answer health(String path) throws ApiException {
        HttpAnswer answer = read(path);
        boolean isHealth = answer.status() == OK || answer.status() == UNAVAILABLE;
        Doc doc = isHealth && answer.contentType().equals(JSON) ? parsed(answer.body()) : null;
        if (doc == null) {
            throw failure(answer);
        }
        return new Answer(answer.status(), Visible.json(answer.body().strip()), doc);
    }

    private Answer successful(HttpAnswer answer) throws ApiException {
        if (answer.status() >= REDIRECTS) {
            throw failure(answer);
        }
        Doc doc = answer.contentType().equals(JSON) ? parsed(answer.body()) : null;
        if (doc == null) {
            throw stranger("its answer is no JSON object");
        }
        return new Answer(answer.status(), Visible.json(answer.body().strip()), doc);
    }

    /**
     * Reads without the token on this machine, where that is free unless the server sees it come from elsewhere: a wrong
     * token, as one that another server has left, would be refused.
     */
    private HttpAnswer read(String path) throws ApiException {
        String token = target.token();
        if (token != null && Target.isLoopback(target.address())) {
            HttpAnswer answer = exchange("GET", path, null, null);
            if (answer.status() != UNAUTHORIZED) {
                return answer;
            }
        }
        return exchange("GET", path, null, token);
    }

    /** Asks the first address of the server that takes a connection. */
    private HttpAnswer exchange(String method, String path, @Nullable String body, @Nullable String token)
            throws ApiException {
        try {
            ConnectException last = new ConnectException();
            for (InetAddress address : InetAddress.getAllByName(target.address().host())) {
                InetSocketAddress socketAddress =
                        new InetSocketAddress(address, target.address().port());
                String request = head(method, path, socketAddress, token) + content(body);
                try {
                    return HttpSocket.exchange(socketAddress, request.getBytes(StandardCharsets.UTF_8), timeoutMillis);
                } catch (ConnectException e) {
                    last = e;
                }
            }
            throw last;
        } catch (NotHttpException e) {
            throw stranger(String.valueOf(e.getMessage()));
        } catch (SocketTimeoutException e) {
            throw ApiException.failed(target + ": no answer within " + timeoutMillis / 1000.0 + " s");
        } catch (ConnectException e) {
            throw ApiException.failed(target + ": " + SystemWords.of(e) + "; is the server running?");
        } catch (IOException e) {
            throw ApiException.failed(target + ": " + SystemWords.of(e));
        }
    }

    /** The server takes addresses for its name, and no names that it does not know. */
    private static String head(String method, String path, InetSocketAddress server, @Nullable String token) {
        String host = server.getAddress().getHostAddress().split("%", 2)[0];
        return method + " " + path + " HTTP/1.1\r\nHost: " + new Address(host, server.getPort()) + "\r\nAccept: "
                + JSON + ", " + PROBLEM + "\r\nConnection: close\r\n"
                + (token == null ? "" : "Authorization: Bearer " + token + "\r\n");
    }

    /** The end of the head, and the body. */
    private static String content(@Nullable String body) {
        if (body == null) {
            return "\r\n";
        }
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        String type = body.isEmpty() ? "" : "Content-Type: " + JSON + "\r\n";
        return type + "Content-Length: " + length + "\r\n\r\n" + body;
    }

    private ApiException failure(HttpAnswer answer) {
        Doc problem = answer.contentType().equals(PROBLEM) ? parsed(answer.body()) : null;
        if (problem == null) {
            return stranger("it answers with status " + answer.status());
        }
        List<String> lines = new ArrayList<>(problem.texts("errors"));
        if (lines.isEmpty()) {
            lines.add(shortened(problem.text("detail", problem.text("title", "status " + answer.status()))));
        }
        if (answer.status() == UNAUTHORIZED) {
            lines.add(
                    target.token() == null
                            ? "no token was sent: " + Visible.line(target.tokenWords()) + "; name the file with"
                                    + " --token-file"
                            : "the token of " + Visible.line(target.tokenWords()) + " is not that of " + target
                                    + "; name another file with --token-file");
        }
        return ApiException.answered(answer.status(), lines);
    }

    private ApiException stranger(String why) {
        return ApiException.answered(
                NOT_FOUND, List.of(target + ": this is not the admin server of a Voltlane of this version: " + why));
    }

    private static String shortened(String text) {
        return text.length() > MAX_SHOWN_CHARS ? text.substring(0, MAX_SHOWN_CHARS) + "…" : text;
    }

    private static @Nullable Doc parsed(String text) {
        try {
            JsonReader reader = new JsonReader(new StringReader(text));
            reader.setStrictness(Strictness.STRICT);
            JsonElement element = JsonParser.parseReader(reader);
            boolean ends = reader.peek() == JsonToken.END_DOCUMENT;
            return ends && element instanceof JsonObject object ? new Doc(object) : null;
        } catch (IOException | JsonParseException | IllegalStateException | StackOverflowError e) {
            return null;
        }
    }
}
