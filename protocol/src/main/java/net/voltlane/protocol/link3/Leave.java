package net.voltlane.protocol.link3;

import net.voltlane.protocol.FieldWriter;

/**
 * The client's end of its session. What it sent before is forwarded.
 *
 * <pre>
 *  byte   0      1
 *       +------+
 *       | 04   |
 *       +------+
 * </pre>
 */
public record Leave() implements LinkFrame {

    @Override
    public int type() {
        return FrameType.LEAVE;
    }

    @Override
    public void writeBody(FieldWriter out) {
        // The type says all.
    }
}
