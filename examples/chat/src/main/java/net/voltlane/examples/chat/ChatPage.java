package net.voltlane.examples.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The program that serves the chat's web page: {@code ChatPage HOME [ADDR [SERVER]]}. The page talks to the connection
 * server itself, so any other web server can take the place of this one.
 *
 * <p>Files are read for each request, so a change shows with the next reload. Requests are served one after the other.
 */
public final class ChatPage implements AutoCloseable {

    private static final String DEFAULT_ADDRESS = "127.0.0.1:42080";
    private static final String DEFAULT_SERVER = "ws://127.0.0.1:42003/";
    private static final String SERVER_PLACE = "{{server}}";

    /** The files, by the path of a request, under the project's folder. */
    private static final Map<String, String> FILES = Map.of(
            "/", "examples/chat/web/index.html",
            "/chat.css", "examples/chat/web/chat.css",
            "/chat.js", "examples/chat/web/chat.js",
            "/room.js", "examples/chat/web/room.js",
            "/view.js", "examples/chat/web/view.js",
            "/icon.svg", "examples/chat/web/icon.svg",
            "/voltlane.js", "sdk/javascript/voltlane.js");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private final HttpServer http;
    private final Path home;
    private final URI server;

    private ChatPage(HttpServer http, Path home, URI server) {
        this.http = http;
        this.home = home;
        this.server = server;
    }

    /**
     * Serves the page until it is closed.
     *
     * @param home the project's folder
     * @param address {@code host:port} to listen at; port 0 takes a free one
     * @param server the connection server's WebSocket listener, as browsers reach it: {@code ws://host:port/path}
     * @throws IOException if it can't listen there
     * @throws IllegalArgumentException if an address can't be understood
     */
    public static ChatPage serve(Path home, String address, String server) throws IOException {
        URI uri = URI.create(server);
        if (!("ws".equals(uri.getScheme()) || "wss".equals(uri.getScheme())) || uri.getHost() == null) {
            throw new IllegalArgumentException(server + " (expected: ws://host:port/ or wss://host:port/)");
        }
        HttpServer http = HttpServer.create(socketAddress(address), 0);
        ChatPage page = new ChatPage(http, home, uri);
        http.createContext("/", page::answer);
        http.start();
        return page;
    }

    /**
     * Runs the program until it is stopped.
     *
     * @param args the project's folder, and optionally the address to listen at ({@code 127.0.0.1:42080} by default)
     *     and the URL of the server ({@code ws://127.0.0.1:42003/} by default)
     */
    public static void main(String[] args) {
        if (args.length < 1 || args.length > 3) {
            System.err.println("usage: page [ADDR [SERVER]]");
            System.exit(2);
        }
        String address = args.length > 1 ? args[1] : DEFAULT_ADDRESS;
        try {
            ChatPage page = serve(Path.of(args[0]), address, args.length > 2 ? args[2] : DEFAULT_SERVER);
            System.out.println("the chat's page is at " + page.url());
        } catch (IOException | IllegalArgumentException e) {
            System.err.println("can't serve the page at " + address + ": " + e.getMessage());
            System.exit(1);
        }
    }

    /** The page's address for a browser: {@code http://host:port/}. */
    public String url() {
        InetSocketAddress at = http.getAddress();
        return "http://" + at.getHostString() + ":" + at.getPort() + "/";
    }

    /** Stops at once. */
    @Override
    public void close() {
        http.stop(0);
    }

    private static InetSocketAddress socketAddress(String address) throws IOException {
        int colon = address.lastIndexOf(':');
        if (colon < 1 || !address.substring(colon + 1).matches("\\d{1,5}")) {
            throw new IllegalArgumentException("expected: host:port");
        }
        return new InetSocketAddress(
                InetAddress.getByName(address.substring(0, colon)), Integer.parseInt(address.substring(colon + 1)));
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String file = FILES.get(exchange.getRequestURI().getPath());
            String method = exchange.getRequestMethod();
            boolean isHead = method.equals("HEAD");
            if (file == null) {
                exchange.sendResponseHeaders(404, -1);
            } else if (!isHead && !method.equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                exchange.sendResponseHeaders(405, -1);
            } else {
                byte[] content = content(file);
                setHeaders(exchange.getResponseHeaders(), file);
                if (isHead) {
                    exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
                }
                exchange.sendResponseHeaders(200, isHead ? -1 : content.length);
                if (!isHead) {
                    exchange.getResponseBody().write(content);
                }
            }
        }
    }

    private byte[] content(String file) throws IOException {
        byte[] content = Files.readAllBytes(home.resolve(file));
        return file.endsWith(".html")
                ? new String(content, UTF_8)
                        .replace(SERVER_PLACE, server.toString())
                        .getBytes(UTF_8)
                : content;
    }

    /** The page loads nothing from elsewhere, runs no script but its own, and talks to the connection server alone. */
    private void setHeaders(Headers headers, String file) {
        headers.set("Content-Type", type(file));
        headers.set("Cache-Control", "no-cache");
        headers.set(
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src "
                        + server.getScheme() + "://" + server.getRawAuthority()
                        + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
                        + "require-trusted-types-for 'script'; trusted-types 'none'");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
    }

    private static @Nullable String type(String file) {
        return TYPES.get(file.substring(file.lastIndexOf('.') + 1));
    }
}
