package net.voltlane.protocol.link3;

import net.voltlane.protocol.FieldWriter;

/**
 * A frame of a client link that speaks version 3. All are immutable values, but for the arrays in them: do not change an
 * array while its frame is in use.
 *
 * <pre>
 *  byte   0      1             n
 *       +------+---- ... ----+
 *       | type |    body     |
 *       +------+---- ... ----+
 * </pre>
 */
public sealed interface LinkFrame
        permits Data, Ack, Ping, Pong, Leave, Close, GoAway, Open, Opened, Resume, Challenge, Answer, Resumed {

    /** The length of keys, nonces and proofs. */
    int KEY_BYTES = 32;

    /** The most bytes that a Ping or Pong carries. */
    int MAX_PING_BYTES = 16;

    /** The frame's {@link FrameType}. */
    int type();

    /**
     * Writes all that follows the type byte.
     *
     * @throws IllegalArgumentException if a value does not fit its field
     */
    void writeBody(FieldWriter out);
}
