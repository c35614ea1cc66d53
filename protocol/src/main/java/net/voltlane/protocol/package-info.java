/**
 * The parts of the protocol that both ends of a connection share: frames, handshake packets, the tags of the firehose,
 * limits and reasons. Client, backend and server depend on it, so it needs the JDK alone and has no sockets, threads or
 * logging.
 *
 * <p>Start reading at {@link net.voltlane.protocol.Frame}, then {@link net.voltlane.protocol.HandshakeCodec} (client
 * links) and {@link net.voltlane.protocol.Tag} (the firehose). Version 3 adds the frames of
 * {@link net.voltlane.protocol.link3} and the packets of {@link net.voltlane.protocol.firehose3}. {@code docs/PROTOCOL.md}
 * and {@code docs/PROTOCOL3.md} describe both versions in prose.
 */
@NullMarked
package net.voltlane.protocol;

import org.jspecify.annotations.NullMarked;
