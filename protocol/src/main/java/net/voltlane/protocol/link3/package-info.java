/**
 * The frames of a client link that speaks version 3, one type for each, and their codec.
 *
 * <p>Start reading at {@link net.voltlane.protocol.link3.LinkFrame}, then {@link net.voltlane.protocol.link3.LinkCodec}.
 * The server's hot path builds none of these objects: it reads and writes Data and Ack in place by the numbers of
 * {@link net.voltlane.protocol.link3.FrameType}. {@code docs/PROTOCOL3.md} tells in prose when each frame is sent.
 */
@NullMarked
package net.voltlane.protocol.link3;

import org.jspecify.annotations.NullMarked;
