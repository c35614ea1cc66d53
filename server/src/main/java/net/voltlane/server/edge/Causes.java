package net.voltlane.server.edge;

import net.voltlane.server.metrics.Metric;

/** The words of log lines for the rejection or refusal of one client, where {@link Metric#help} speaks of all clients. */
final class Causes {
    private Causes() {}

    /**
     * Returns the reason as it stands behind "Rejected 1 client:".
     *
     * @param metric the counter of such rejections or refusals
     */
    static String of(Metric metric) {
        return switch (metric) {
            case REJECTED_TIMEOUT -> "handshake not finished within listener.handshake_timeout_secs";
            case REJECTED_MALFORMED -> "malformed handshake packet";
            case REJECTED_UNEXPECTED -> "unexpected handshake packet";
            case REJECTED_VERSION -> "unsupported protocol version";
            case REJECTED_FRAME_TOO_LARGE -> "handshake frame too large, or another protocol such as HTTP or TLS";
            case REJECTED_KEY -> "invalid public key";
            case REJECTED_PROOF -> "no such session, or a wrong proof for it";
            case REJECTED_NO_SESSION -> "no such session: it has ended, or the server was restarted";
            case REJECTED_MEMORY -> "memory is at limits.max_buffered_bytes";
            case REJECTED_PROXY_UNTRUSTED -> "not one of limits.trusted_proxies";
            case REJECTED_PROXY_MISSING -> "no PROXY header from the proxy";
            case REJECTED_PROXY_MALFORMED -> "malformed PROXY header";
            case REJECTED_PROXY_TOO_LONG -> "PROXY header too long";
            case REJECTED_STOPPING -> "the server is stopping";
            case REFUSED_DENIED -> "in limits.deny, or not in limits.allow";
            case REFUSED_BANNED -> "from banned addresses";
            case REFUSED_MAX_CLIENTS -> "over limits.max_clients";
            case REFUSED_DESCRIPTORS -> "no room, see the limit of open descriptors";
            case REFUSED_HEAP -> "no room, see the heap (-Xmx)";
            case REFUSED_MAX_CLIENTS_PER_IP -> "over limits.max_clients_per_ip";
            case REFUSED_MAX_CLIENTS_PER_SUBNET -> "over limits.max_clients_per_subnet";
            case REFUSED_CONNECT_RATE -> "over limits.connects_per_sec";
            case REFUSED_CONNECT_RATE_PER_IP -> "over limits.connects_per_sec_per_ip";
            case REFUSED_PENDING_HANDSHAKES ->
                "over limits.max_pending_handshakes, the oldest handshake of the busiest address";
            case REFUSED_PENDING_HANDSHAKES_PER_IP ->
                "over limits.max_pending_handshakes_per_ip, the oldest handshake of that address";
            case REFUSED_DRAINING -> "the server is draining";
            case REFUSED_STORE_AWAY -> "the store of sessions does not answer";
            default -> ofCodec(metric);
        };
    }

    /** The reason where a transport's codec has found it. */
    private static String ofCodec(Metric metric) {
        return switch (metric) {
            case REJECTED_HTTP_MALFORMED -> "malformed HTTP request, or one that is too long";
            case REJECTED_HTTP_PATH -> "HTTP request for another path than websocket.path";
            case REJECTED_HTTP_NO_UPGRADE -> "HTTP request without an upgrade to WebSocket";
            case REJECTED_ORIGIN -> "page that is not in websocket.origins";
            case REJECTED_SUBPROTOCOL -> "WebSocket subprotocol that is not served, or differs from the first packet";
            case REJECTED_FORWARDED -> "the proxy's Forwarded and X-Forwarded-For fields are malformed or disagree";
            case REJECTED_WEBSOCKET_FRAME -> "malformed WebSocket frame in the handshake";
            case REJECTED_NOT_TLS -> "no TLS, on a listener that wants it";
            case REJECTED_TLS -> "TLS handshake failed: no common version or cipher, or malformed";
            case REJECTED_TLS_ALERT -> "TLS handshake ended by the client, which may not trust the certificate";
            case REJECTED_TLS_CERTIFICATE -> "no certificate that tls.client_ca accepts";
            default -> metric.help();
        };
    }
}
