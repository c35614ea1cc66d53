package net.voltlane.server.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.protocol.Tag;
import net.voltlane.server.link.MemoryAccount;

/**
 * A version of the client link, as a session sees it: the prefix of a packet on its way to the client, and the object
 * that keeps the packets that the client has not had. A session belongs to the version that opened it; to clients of
 * another version its id is unknown. There is one object for each version, without state, so that versions are compared
 * by identity. Thread-safe.
 */
public abstract class ClientProtocol {
    private final int version;
    private final int prefixBytes;

    ClientProtocol(int version, int prefixBytes) {
        assert prefixBytes <= Tag.BYTES : "only so many bytes are free in front of a packet of the master's";
        this.version = version;
        this.prefixBytes = prefixBytes;
    }

    /** The number of this version, as a client's first packet tells it. */
    public final int version() {
        return version;
    }

    /** Length of the prefix, which is the same for packets of all lengths. */
    public final int prefixBytes() {
        return prefixBytes;
    }

    /**
     * Writes the prefix of a packet with {@code payloadBytes} bytes of payload to the {@link #prefixBytes()} bytes from
     * {@code index} on. The indexes of {@code buf} stay as they are.
     */
    public abstract void setPrefix(ByteBuf buf, int index, int payloadBytes);

    /**
     * Writes a packet behind its prefix. {@code out} has room for both.
     *
     * @param packet holds the payload: {@code length} bytes from {@code index} on; stays as it is
     */
    public abstract void write(ByteBuf out, ByteBuf packet, int index, int length);

    /** The bounds that these settings have for packets that a session keeps without a link. */
    abstract QueueBounds bounds(SessionSettings settings);

    /**
     * Makes an empty store for a session that has something to keep.
     *
     * @param next the number of the packet for the client that comes next
     */
    abstract Undelivered newUndelivered(ByteBufAllocator allocator, MemoryAccount account, long next);

    @Override
    public final String toString() {
        return "client protocol " + version;
    }
}
