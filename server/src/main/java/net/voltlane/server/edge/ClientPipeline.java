package net.voltlane.server.edge;

import io.netty.channel.Channel;
import net.voltlane.server.link.Transport;

/**
 * The handlers of a client's connection, by name, in the order in which bytes from the socket pass them. Every phase of
 * a connection has one handler; the transport's codec, if there is one, stands before all of them but the proxy's.
 *
 * <pre>
 *   proxy                 reads a trusted proxy's header, where the listener is behind proxies, and removes itself
 *   [codec…] web-proxy    waits for a trusted proxy's HTTP request, where the transport has one, and removes itself
 *   [codec…] handshake    up to the moment at which a session is asked for
 *   [codec…] link         as long as the link has a session
 *   [codec…] closing      {@link net.voltlane.server.link.LingeringClose}
 * </pre>
 *
 * On the channel's loop.
 */
final class ClientPipeline {
    private static final String PROXY = "proxy";
    private static final String WEB_PROXY = "web-proxy";
    private static final String HANDSHAKE = "handshake";
    private static final String LINK = "link";

    private ClientPipeline() {}

    /** A connection from a proxy begins. Its header is in clear, whatever the transport. */
    static void beginWithProxyHeader(Channel channel, ProxyHeaderHandler handler) {
        channel.pipeline().addLast(PROXY, handler);
    }

    /** A connection from a web proxy begins, which names its client. The codec is in the pipeline. */
    static void beginWithWebProxy(Channel channel, Transport transport, WebProxyHandler handler) {
        channel.pipeline().addLast(WEB_PROXY, handler);
        transport.layer(channel).awaitName(handler);
    }

    /** A client's own connection begins, or a proxy has named it. The codec is in the pipeline. */
    static void beginHandshake(Channel channel, HandshakeHandler handler) {
        channel.pipeline().addLast(HANDSHAKE, handler);
    }

    /** A session has been asked for. */
    static void beginLink(Channel channel, ClientLink link) {
        channel.pipeline().replace(HANDSHAKE, LINK, link);
    }
}
