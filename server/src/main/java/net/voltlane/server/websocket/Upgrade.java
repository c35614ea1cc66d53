package net.voltlane.server.websocket;

import java.net.InetAddress;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import net.voltlane.server.link.Layer;
import net.voltlane.server.metrics.Metric;
import org.jspecify.annotations.Nullable;

/**
 * The verdict about one HTTP request: an upgrade to WebSocket, or an answer that refuses it.
 *
 * @param answer the bytes of the answer
 * @param subprotocol the subprotocol of an upgrade; null if the client offered none
 * @param client the address that a proxy has named; null if nobody asked for it, or for a refusal
 * @param fault the reason of a refusal; null for an upgrade
 */
record Upgrade(
        byte[] answer,
        @Nullable String subprotocol,
        @Nullable InetAddress client,
        Layer.@Nullable Fault fault) {
    private static final int KEY_BYTES = 16;
    private static final int KEY_CHARS = 24;

    /**
     * Looks at the head of a request.
     *
     * @param naming asks for the address that a proxy names; null where the client itself has connected
     */
    static Upgrade of(String text, WebSocketSettings settings, Layer.@Nullable Naming naming) {
        RequestHead head = RequestHead.parse(text);
        if (head == null || head.isVersion11() && head.single("host") == null) {
            return malformed("malformed request");
        } else if (!head.path().equals(settings.path())) {
            return refused(Response.notFound(), Metric.REJECTED_HTTP_PATH, "an HTTP request for another path");
        } else if (!isUpgrade(head)) {
            return refused(Response.noUpgrade(), Metric.REJECTED_HTTP_NO_UPGRADE, "an HTTP request without an upgrade");
        }
        String key = head.single("sec-websocket-key");
        if (key == null || !isKey(key)) {
            return malformed("Sec-WebSocket-Key: expected 16 bytes in Base64");
        } else if (hasBody(head)) {
            return malformed("an upgrade has no body");
        } else if (!isOriginAllowed(head, settings)) {
            return refused(
                    Response.originRefused(), Metric.REJECTED_ORIGIN, "an Origin that is not in websocket.origins");
        }
        InetAddress client = naming == null ? null : Forwarding.client(head, naming);
        if (naming != null && client == null) {
            return refused(
                    Response.malformed("Forwarded and X-Forwarded-For: malformed, or they disagree"),
                    Metric.REJECTED_FORWARDED,
                    "Forwarded and X-Forwarded-For fields that are malformed or disagree");
        }
        return chosen(head, key, client, settings);
    }

    private static Upgrade chosen(
            RequestHead head, String key, @Nullable InetAddress client, WebSocketSettings settings) {
        List<String> offered = head.elements("sec-websocket-protocol");
        String chosen = offered.stream()
                .filter(settings.subprotocols()::contains)
                .findFirst()
                .orElse(null);
        if (chosen == null && !offered.isEmpty()) {
            return refused(
                    Response.malformed("Sec-WebSocket-Protocol: expected "
                            + String.join(" or ", settings.subprotocols()) + ", or none"),
                    Metric.REJECTED_SUBPROTOCOL,
                    "a WebSocket subprotocol that is not served");
        }
        return new Upgrade(Response.upgraded(key, chosen), chosen, client, null);
    }

    /** The refusal of a request that can't be read. */
    static Upgrade malformed(String what) {
        return refused(Response.malformed(what), Metric.REJECTED_HTTP_MALFORMED, "a malformed HTTP request");
    }

    /** The refusal of a request whose head is too long. */
    static Upgrade tooLong() {
        return refused(Response.tooLong(), Metric.REJECTED_HTTP_MALFORMED, "an HTTP request that is too long");
    }

    private static Upgrade refused(byte[] answer, Metric metric, String what) {
        return new Upgrade(answer, null, null, new Layer.Fault(metric, "its client sent " + what, true));
    }

    private static boolean isUpgrade(RequestHead head) {
        return head.method().equals("GET")
                && head.isVersion11()
                && head.has("connection", "upgrade")
                && head.has("upgrade", "websocket")
                && "13".equals(head.single("sec-websocket-version"));
    }

    private static boolean isKey(String key) {
        try {
            return key.length() == KEY_CHARS && Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean hasBody(RequestHead head) {
        return !head.values("transfer-encoding").isEmpty()
                || head.values("content-length").stream().anyMatch(length -> !length.equals("0"));
    }

    /** A program that is no browser names no origin, and could name any. */
    private static boolean isOriginAllowed(RequestHead head, WebSocketSettings settings) {
        List<String> origins = head.values("origin");
        return settings.origins().isEmpty()
                || origins.isEmpty()
                || origins.size() == 1
                        && settings.origins().contains(origins.get(0).toLowerCase(Locale.ROOT));
    }
}
