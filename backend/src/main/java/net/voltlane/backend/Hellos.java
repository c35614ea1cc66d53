package net.voltlane.backend;

import java.io.IOException;
import java.nio.ByteBuffer;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.Tag;
import net.voltlane.protocol.firehose3.FirehoseMessage;
import net.voltlane.protocol.firehose3.Hello;
import net.voltlane.protocol.firehose3.MessageCodec;
import net.voltlane.protocol.firehose3.MessageFlag;

/** The answers to Hello, with which a firehose 3 begins. For the readers of firehoses. */
final class Hellos {

    private Hellos() {}

    /** Tells whether the first packet of a firehose is a Hello, so that the server speaks firehose 3. */
    static boolean isHello(ByteBuffer buffer, int frame, int length) {
        return length >= Tag.BYTES
                && buffer.getLong(frame + Tag.ID_OFFSET_IN_FRAME) == FirehoseMessage.LINK_ID
                && (buffer.get(frame + Tag.FLAG_OFFSET_IN_FRAME) & 0xFF) == MessageFlag.HELLO;
    }

    /**
     * Answers Hello, and goes on with version 3.
     *
     * @throws IOException with the reason if the link has to end; it is counted and logged
     */
    static void answer(BackendContext context, Firehose firehose, ByteBuffer buffer, int frame, int length)
            throws IOException {
        try {
            answer(context, firehose, decode(buffer.slice(frame + Tag.FRAME_HEADER_BYTES, length - Tag.BYTES)));
        } catch (IOException e) {
            if (!firehose.isLost()) {
                context.malformed(String.valueOf(e.getMessage()), firehose);
            }
            throw e;
        }
    }

    private static void answer(BackendContext context, Firehose firehose, Hello hello) throws IOException {
        InstanceName name = InstanceName.of(hello.server());
        if (hello.version() != Limits.PROTOCOL_VERSION_3 || name.isNone()) {
            throw new IOException(
                    name.isNone()
                            ? "its Hello names no server"
                            : "it speaks firehose " + hello.version() + " (expected: 2 or 3)");
        }
        KnownServer server = context.servers().claim(firehose, name);
        if (server == null) {
            throw new IOException("lost before its Hello was answered");
        }
        Version3 link = new Version3(firehose, context, server);
        firehose.speaks(link);
        server.welcome(link, hello, context.instance(), context.calls().wishes());
        firehose.writesOn();
    }

    private static Hello decode(ByteBuffer data) throws IOException {
        try {
            FirehoseMessage hello = MessageCodec.decode(FirehoseMessage.LINK_ID, MessageFlag.HELLO, data, true);
            if (hello == null) {
                throw new IOException("its Hello is too short");
            }
            return (Hello) hello;
        } catch (MalformedPacketException e) {
            throw new IOException("its Hello makes no sense: " + e.getMessage(), e);
        }
    }
}
