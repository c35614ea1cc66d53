package net.voltlane.protocol.link3;

import net.voltlane.protocol.FieldReader;
import net.voltlane.protocol.FieldWriter;
import net.voltlane.protocol.MalformedPacketException;

/**
 * The terms of a session that a server tells in {@link Opened} and {@link Resumed}.
 *
 * <pre>
 *  byte   0            2             6            10
 *       +------------+-------------+------------+
 *       | u16        | u32         | u32        |
 *       | heartbeat  | max payload | wait       |
 *       +------------+-------------+------------+
 * </pre>
 *
 * @param heartbeatSecs the longest time in seconds in which the client sends nothing, 0 to 65535
 * @param maxPayload the largest payload in bytes that the client may send, 0 to 2^32 - 1
 * @param waitSecs the time in seconds for which a session waits for a client that has lost its link, 0 to 2^32 - 1
 */
public record Parameters(int heartbeatSecs, long maxPayload, long waitSecs) {

    static Parameters read(FieldReader in) throws MalformedPacketException {
        return new Parameters(in.u16("heartbeat"), in.u32("max payload"), in.u32("wait"));
    }

    void write(FieldWriter out) {
        out.u16(heartbeatSecs).u32(maxPayload).u32(waitSecs);
    }
}
