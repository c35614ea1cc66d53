/**
 * Clients that speak WebSocket (RFC 6455). {@link net.voltlane.server.websocket.WebSocketTransport} is the transport of
 * such a listener, and {@link net.voltlane.server.websocket.WebSocketCodec} draws the life of a connection: an HTTP
 * request that {@link net.voltlane.server.websocket.Upgrade} answers, then messages that {@link
 * net.voltlane.server.websocket.MessageDecoder} turns into frames, in place. Start at {@code WebSocketCodec}.
 */
@NullMarked
package net.voltlane.server.websocket;

import org.jspecify.annotations.NullMarked;
