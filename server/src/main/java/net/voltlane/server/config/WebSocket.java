package net.voltlane.server.config;

import java.util.List;
import java.util.Optional;

/** Section {@code websocket}: the listener for clients that speak WebSocket, such as browsers. */
public final class WebSocket extends Section<WebSocket> {
    static final SectionKeys KEYS = new SectionKeys("websocket");

    static final Key<Optional<Address>> ADDRESS = KEYS.key(
            "address",
            Reload.AT_RESTART,
            new AddressOrNone(8080, false),
            Optional.empty(),
            "Address to listen on for clients that speak WebSocket, such as browsers. Port 0 picks a free port. Empty: no"
                    + " WebSocket.");

    /** The address to listen on for WebSocket; port 0 takes any free port. Empty: no WebSocket. */
    public Optional<Address> address() {
        return get(ADDRESS);
    }

    /** A copy with another address. */
    public WebSocket withAddress(Address address) {
        return with(ADDRESS, Optional.of(address));
    }

    static final Key<Boolean> TLS = KEYS.key(
            "tls",
            Reload.AT_RESTART,
            new TrueOrFalse(),
            false,
            "true: WebSocket over TLS (wss://), with the certificate and the other settings of the section tls.");

    /** True for WebSocket over TLS. */
    public boolean tls() {
        return get(TLS);
    }

    /** A copy with or without TLS. */
    public WebSocket withTls(boolean tls) {
        return with(TLS, tls);
    }

    static final Key<String> PATH = KEYS.key(
            "path",
            Reload.AT_RESTART,
            new HttpPath(),
            "/",
            "Path of the URL that WebSocket clients open. Requests for any other path are answered with 404.");

    /** The path of an upgrade, without a query. It begins with a slash. */
    public String path() {
        return get(PATH);
    }

    /** A copy with another path, which begins with a slash. */
    public WebSocket withPath(String path) {
        return with(PATH, path);
    }

    static final Key<List<String>> ORIGINS = KEYS.key(
            "origins",
            Reload.AT_RESTART,
            new Origins(),
            List.of(),
            "Origins of the web pages that may connect, such as https://example.com. Programs that are no browsers send no"
                    + " origin, and may connect. Empty: all pages may.");

    /** The origins of pages that may connect, in lower case and as browsers send them. Empty: all. */
    public List<String> origins() {
        return get(ORIGINS);
    }

    /** A copy with other origins, in lower case and without default ports. */
    public WebSocket withOrigins(List<String> origins) {
        return with(ORIGINS, List.copyOf(origins));
    }

    WebSocket(Values values) {
        super(values);
    }

    @Override
    WebSocket of(Values changed) {
        return new WebSocket(changed);
    }
}
