package net.voltlane.systemtest;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The admin server of a server process, as a polite client of HTTP uses it. Any thread may call it. */
final class AdminPort {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration ATTEMPT = Duration.ofMillis(250);

    private final InetSocketAddress address;
    private final Path tokenFile;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** @param tokenFile written by the server when it starts */
    AdminPort(InetSocketAddress address, Path tokenFile) {
        this.address = address;
        this.tokenFile = tokenFile;
    }

    InetSocketAddress address() {
        return address;
    }

    HttpResponse<String> get(String path) throws IOException {
        return send(request(path).GET());
    }

    /** Posts without a body, with the token. */
    HttpResponse<String> post(String path) throws IOException {
        return send(
                request(path).header("Authorization", "Bearer " + token()).POST(HttpRequest.BodyPublishers.noBody()));
    }

    /**
     * Waits until a new connection gets an answer of status 200. Each attempt is short, because a connection that finds
     * the queue of the port full is tried again by the kernel only after a second.
     *
     * @return the time that it took
     */
    Duration awaitAnswer(String path, Duration limit) {
        long begunNanos = System.nanoTime();
        await("an answer from the admin port")
                .atMost(limit)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> answers(path));
        return Duration.ofNanos(System.nanoTime() - begunNanos);
    }

    private boolean answers(String path) {
        HttpClient another = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(ATTEMPT)
                .build();
        try {
            return send(another, request(path).timeout(ATTEMPT).GET()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + Settings.text(address) + path))
                .timeout(LIMIT);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        return send(client, request);
    }

    private static HttpResponse<String> send(HttpClient by, HttpRequest.Builder request) throws IOException {
        try {
            return by.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private String token() {
        try {
            return Files.readString(tokenFile).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
