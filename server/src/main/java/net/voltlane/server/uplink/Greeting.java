package net.voltlane.server.uplink;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Arrays;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.firehose3.Attributes;
import net.voltlane.protocol.firehose3.FirehoseMessage;
import net.voltlane.protocol.firehose3.Hello;
import net.voltlane.protocol.firehose3.MessageCodec;
import net.voltlane.protocol.firehose3.Welcome;
import org.jspecify.annotations.Nullable;

/**
 * Hello and Welcome: the names of the two processes at the ends of the firehose, and what the master wishes to know.
 * Belongs to the session loop.
 */
final class Greeting {
    /** The time that a master has for its Welcome. */
    static final long LIMIT_NANOS = 10_000_000_000L;

    private static final byte[] NONE = new byte[FirehoseMessage.INSTANCE_BYTES];

    private static final int WISH_DELIVERED = 1;
    private static final int WISH_PACE = 2;

    private final byte[] server;
    /** The instance of the master that the counts are for; all zeros: none. */
    private byte[] master = NONE;

    private int wishes;

    /** @param server 16 bytes that name this process and no other */
    Greeting(byte[] server) {
        this.server = server;
    }

    /**
     * @param received numbered packets received from the instance of the master that was last spoken to
     * @param staleTimeoutMillis the time for which sessions wait for their clients; below 0 where they have no records
     *     outside of their server
     */
    ByteBuf hello(long received, long staleTimeoutMillis) {
        Attributes attributes = staleTimeoutMillis < 0
                ? Attributes.EMPTY
                : Attributes.EMPTY.with(Attributes.STALE_TIMEOUT, Long.toString(staleTimeoutMillis));
        return Unpooled.wrappedBuffer(MessageCodec.frame(
                FirehoseMessage.LINK_ID,
                new Hello(Limits.PROTOCOL_VERSION_3, server, master, isFirst() ? 0 : received, attributes)));
    }

    /** Reads the master's first packet; null if that is no Welcome of this version. */
    static @Nullable Welcome welcome(long id, int flag, ByteBuffer data) {
        try {
            FirehoseMessage first = MessageCodec.decode(id, flag, data, false);
            return first instanceof Welcome welcome && welcome.version() == Limits.PROTOCOL_VERSION_3 ? welcome : null;
        } catch (MalformedPacketException e) {
            return null;
        }
    }

    private boolean isFirst() {
        return Arrays.equals(master, NONE);
    }

    /** True if the counts go on with the master that has sent this. */
    boolean isSame(Welcome welcome) {
        return Arrays.equals(master, welcome.backend());
    }

    void accept(Welcome welcome) {
        master = welcome.backend();
        wishes = welcome.wishes();
    }

    /** The counts are of no use: the next Hello names no instance of the master. */
    void forget() {
        master = NONE;
    }

    boolean wantsDelivered() {
        return (wishes & WISH_DELIVERED) != 0;
    }

    /** True if the master takes part in the adoption of sessions. */
    boolean adopts() {
        return (wishes & Welcome.ADOPTS) != 0;
    }

    boolean wantsPace() {
        return (wishes & WISH_PACE) != 0;
    }
}
