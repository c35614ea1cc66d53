/**
 * The packets of a firehose that speaks version 3, one type for each, and their codec.
 *
 * <p>Start reading at {@link net.voltlane.protocol.firehose3.FirehoseMessage}, then
 * {@link net.voltlane.protocol.firehose3.MessageCodec}. {@code docs/PROTOCOL3.md} tells in prose when each packet is sent.
 */
@NullMarked
package net.voltlane.protocol.firehose3;

import org.jspecify.annotations.NullMarked;
