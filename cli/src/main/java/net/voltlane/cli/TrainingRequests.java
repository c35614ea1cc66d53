package net.voltlane.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;

/**
 * Requests to the admin server of the training run, as scrapers, health checks and operators make them. Without them, the
 * first scrape of each server would load its classes, beside clients. A thread of its own makes them; answers are read
 * and forgotten.
 */
final class TrainingRequests {
    private static final int PAUSE_MILLIS = 100;
    private static final int LIMIT_MILLIS = 2_000;
    private static final List<String> PATHS = List.of(
            "/livez",
            "/readyz",
            "/metrics",
            "/api/v1/status",
            "/api/v1/sessions?limit=256",
            "/api/v1/sessions?limit=256&sort=-traffic",
            "/api/v1/limits",
            "/api/v1/history");

    private final InetSocketAddress server;

    private TrainingRequests(InetSocketAddress server) {
        this.server = server;
    }

    /** Begins to make requests to a server that may not listen yet, until the process ends. */
    static void begin(InetSocketAddress server) {
        Thread thread = new Thread(new TrainingRequests(server)::run, "voltlane-training-requests");
        thread.setDaemon(true);
        thread.start();
    }

    /** A port that was free a moment ago. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void run() {
        try {
            while (true) {
                for (String path : PATHS) {
                    get(path);
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void get(String path) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(LIMIT_MILLIS);
            socket.connect(server, LIMIT_MILLIS);
            String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n"
                    + "Connection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            socket.getInputStream().readAllBytes();
        } catch (IOException e) {
            // not listening yet, or not any more
        }
    }
}
