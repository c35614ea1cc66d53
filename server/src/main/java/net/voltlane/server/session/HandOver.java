package net.voltlane.server.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The packets that the former server of a session still kept for its client, and its counts.
 *
 * <pre>
 *  byte   0          1              9               17
 *       +----------+--------------+---------------+---- ... ----+
 *       | format 1 | u64 up       | u64 down      | frames      |
 *       +----------+--------------+---------------+---- ... ----+
 * </pre>
 *
 * @param packetsUp data packets that the client has sent there
 * @param packetsDown data packets for the client up to the last one in the frames
 * @param frames the packets that the client has not had, the last ones of these, framed for its version
 */
record HandOver(long packetsUp, long packetsDown, byte[] frames) {
    /** The most bytes, with the head. */
    static final int MOST_BYTES = (1 << 20) - 64;

    private static final int FORMAT = 1;
    private static final int HEAD_BYTES = 1 + Long.BYTES + Long.BYTES;

    /** The part that is handed over, and the number of packets that are left out. */
    record Cut(HandOver content, long dropped) {}

    /**
     * Puts together what fits. Where something does not, a client of version 2 gets the newest packets; a client of version
     * 3 the oldest, since it knows nothing of gaps.
     *
     * @param kept frames in their order; stay the caller's
     */
    static Cut of(ClientProtocol protocol, long packetsUp, long packetsDown, List<ByteBuf> kept) {
        int first = 0;
        long packets = 0;
        long dropped = 0;
        byte[] all = join(kept);
        ByteBuffer in = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
        int room = MOST_BYTES - HEAD_BYTES;
        boolean dropsOldest = protocol == Version2.PROTOCOL;
        int at = 0;
        int end = 0;
        while (at < all.length) {
            int next = at + Integer.BYTES + in.getInt(at);
            packets++;
            if (dropsOldest) {
                while (next - first > room) {
                    first += Integer.BYTES + in.getInt(first);
                    dropped++;
                }
                end = next;
            } else if (next <= room) {
                end = next;
            } else {
                dropped++;
            }
            at = next;
        }
        byte[] frames = new byte[end - first];
        System.arraycopy(all, first, frames, 0, frames.length);
        assert packets >= dropped;
        long down = dropsOldest ? packetsDown : packetsDown - dropped;
        return new Cut(new HandOver(packetsUp, down, frames), dropped);
    }

    private static byte[] join(List<ByteBuf> kept) {
        int bytes = 0;
        for (ByteBuf buf : kept) {
            bytes += buf.readableBytes();
        }
        byte[] all = new byte[bytes];
        int at = 0;
        for (ByteBuf buf : kept) {
            buf.getBytes(buf.readerIndex(), all, at, buf.readableBytes());
            at += buf.readableBytes();
        }
        return all;
    }

    byte[] encode() {
        return ByteBuffer.allocate(HEAD_BYTES + frames.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) FORMAT)
                .putLong(packetsUp)
                .putLong(packetsDown)
                .put(frames)
                .array();
    }

    /** Returns null for a format that this server does not know. */
    static @Nullable HandOver decode(byte[] content) {
        if (content.length < HEAD_BYTES || content[0] != FORMAT) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        in.get();
        long up = in.getLong();
        long down = in.getLong();
        byte[] frames = new byte[in.remaining()];
        in.get(frames);
        return new HandOver(up, down, frames);
    }

    /** The number of packets in the frames. */
    long packets() {
        ByteBuffer in = ByteBuffer.wrap(frames).order(ByteOrder.LITTLE_ENDIAN);
        long packets = 0;
        for (int at = 0; at < frames.length; at += Integer.BYTES + in.getInt(at)) {
            packets++;
        }
        return packets;
    }

    /** The frames as one buffer, which is the caller's; nothing if there is none. */
    List<ByteBuf> toBuffers(ByteBufAllocator allocator) {
        return frames.length == 0
                ? List.of()
                : List.of(allocator.directBuffer(frames.length).writeBytes(frames));
    }

    /** Leaves the payloads out. */
    @Override
    public String toString() {
        return "HandOver[up " + packetsUp + ", down " + packetsDown + ", " + frames.length + " bytes]";
    }
}
