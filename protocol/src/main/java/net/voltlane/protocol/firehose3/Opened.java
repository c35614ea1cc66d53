package net.voltlane.protocol.firehose3;

import net.voltlane.protocol.FieldReader;
import net.voltlane.protocol.FieldWriter;
import net.voltlane.protocol.MalformedPacketException;

/**
 * The first packet of a server about a session.
 *
 * <pre>
 *  byte   0          1                9              17        n
 *       +----------+----------------+--------------+---------+
 *       | u8 flags | u64 next        | u64 next    | map     |
 *       |          | from client     | to client   |         |
 *       +----------+----------------+--------------+---------+
 *         flags: 1 existing, 2 suspended, 4 adopted; others are ignored
 * </pre>
 *
 * @param existing true if the session was opened to another backend process, or would have been by now
 * @param suspended true if the client is away
 * @param adopted true if the session comes from another server process
 * @param nextFromClient the number of the next Data packet from the client, 0 to 2^53 - 1
 * @param nextToClient the number of the next Data packet to the client, 0 to 2^53 - 1
 * @param attributes what is known of the client, see {@link Attributes}
 */
public record Opened(
        boolean existing,
        boolean suspended,
        boolean adopted,
        long nextFromClient,
        long nextToClient,
        Attributes attributes)
        implements FirehoseMessage {

    private static final int EXISTING = 1;
    private static final int SUSPENDED = 2;
    private static final int ADOPTED = 4;

    static Opened read(FieldReader in) throws MalformedPacketException {
        int flags = in.u8("flags");
        return new Opened(
                (flags & EXISTING) != 0,
                (flags & SUSPENDED) != 0,
                (flags & ADOPTED) != 0,
                in.count("next from client"),
                in.count("next to client"),
                Attributes.read(in));
    }

    @Override
    public int flag() {
        return MessageFlag.OPENED;
    }

    @Override
    public void writeData(FieldWriter out) {
        out.u8((existing ? EXISTING : 0) | (suspended ? SUSPENDED : 0) | (adopted ? ADOPTED : 0));
        out.count(nextFromClient).count(nextToClient);
        attributes.write(out);
    }
}
