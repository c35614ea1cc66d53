package net.voltlane.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.socket.DuplexChannel;
import net.voltlane.protocol.Frame;
import org.jspecify.annotations.Nullable;

/** The form of frames on a link: what stands before their payload. Has no state, so any number of links may share it. */
interface Framing {

    /** A length of four bytes, as TCP and TLS carry it. */
    Framing PREFIXED = new Framing() {
        @Override
        public int head(byte[] bytes, int at, int available) {
            return available >= Frame.PREFIX_BYTES ? Frame.PREFIX_BYTES : 0;
        }

        @Override
        public int size(byte[] bytes, int at) {
            return Frame.length(bytes, at);
        }

        @Override
        public ByteBuf out(ByteBufAllocator allocator, byte[] frames, int length) {
            return allocator.directBuffer(length, length).writeBytes(frames, 0, length);
        }
    };

    /** The length of a frame's head; 0 if not all of it is there. */
    int head(byte[] bytes, int at, int available);

    /** The length of a frame's payload, whose head is there; below 0 or very large: it can't be taken. */
    int size(byte[] bytes, int at);

    /** Tells whether a frame belongs to the protocol, and not to the transport. */
    default boolean isData(byte[] bytes, int at) {
        return true;
    }

    /**
     * Takes a frame of the transport.
     *
     * @param first the first byte of its head
     * @return why the link has ended; null if it goes on
     */
    default @Nullable String control(DuplexChannel channel, byte[] bytes, int at, int size, byte first) {
        throw new AssertionError("all frames are data");
    }

    /** Brings length-prefixed frames into this form. */
    ByteBuf out(ByteBufAllocator allocator, byte[] frames, int length);
}
