/**
 * The words that both ends of a connection share: how bytes are cut into frames, what the handshake says, how the
 * firehose tags a packet. JDK only: no sockets, no threads, no logging, so a client, a backend and the server can all
 * stand on it.
 *
 * <p>Start reading at {@link net.voltlane.protocol.Frame}, then {@link net.voltlane.protocol.HandshakeCodec} (client
 * links) and {@link net.voltlane.protocol.Tag} (the firehose). The whole story in prose is {@code docs/PROTOCOL.md}.
 */
@NullMarked
package net.voltlane.protocol;

import org.jspecify.annotations.NullMarked;
