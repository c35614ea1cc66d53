package net.voltlane.client;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import net.voltlane.protocol.Frame;
import org.jspecify.annotations.Nullable;

/**
 * The packets of a {@link SendQueue}, kept by the rules of one version of the protocol: when a packet may be forgotten,
 * what is sent again on the next link, and what else goes out. All methods are called under the queue's lock.
 *
 * <p>A packet is passed as a frame of version 2: its length in four bytes, then the payload. A store of another version
 * writes its own header in place of these four bytes.
 */
interface SendStore {

    /** The value of {@link #untilWorkNanos} if only another thread can bring about work. */
    long NEVER = Long.MAX_VALUE;

    /** The end of a client's output. */
    enum Ending {
        /** Ends the link, and leaves the session to be resumed. */
        SHUT,
        /** Ends the session, where the version of the protocol has a way to do so; otherwise as {@link #SHUT}. */
        LEAVE
    }

    /** A packet with the future that its sender holds. */
    record Packet(byte[] frame, @Nullable CompletableFuture<Void> acknowledged) {
        int payloadBytes() {
            return frame.length - Frame.PREFIX_BYTES;
        }
    }

    /** A packet that was given up, and what is known about it. */
    record Unsettled(Packet packet, PacketFate fate) {
        /** Fails the sender's future, if there is one. Not to be called under a lock, as it runs the program's code. */
        void fail(@Nullable ClientException why) {
            CompletableFuture<Void> future = packet.acknowledged();
            if (future != null) {
                future.completeExceptionally(new NotAcknowledgedException(fate, why));
            }
        }
    }

    /** Returns the number of packets that count against the queue's bounds. */
    int packets();

    /** Returns the bytes of payload that count against the queue's bounds. */
    long bytes();

    /** Adds a packet behind all others. The caller has checked the bounds. */
    void add(Packet packet);

    /** Removes the packet that has waited longest. Returns null if every packet has been sent before. */
    @Nullable
    Packet dropOldest();

    /**
     * Called when no more packets will be added.
     *
     * @param ending what follows the last packet
     */
    void finish(Ending ending);

    /** Tells whether this store asks for the time; otherwise the times that it is given have no meaning. */
    boolean isTimed();

    /** Tells whether packets are acknowledged. Otherwise no sender may hold a future. */
    boolean acknowledges();

    /** Tells whether a packet, or the rest of one, may be written to a link. */
    boolean mayFill();

    /** Tells whether there is something to write to the link, which may be its end. */
    boolean hasWork(long nowNanos);

    /** Returns the time until {@link #hasWork} has to be asked again, at least 1; or {@link #NEVER}. */
    long untilWorkNanos(long nowNanos);

    /** Fills a batch. If nothing was put into it, the output of the link has to be shut. */
    void fill(ByteBuffer batch, long nowNanos);

    /** Called when the kernel has taken so many more bytes of the batch. */
    void written(int bytes);

    /** Called when the link has been taken away. */
    void detached();

    /** Forgets all packets, and returns those that may not have arrived. */
    List<Unsettled> clear();

    /** Returns the packets that may not have arrived, as the client ends. May keep them, for an exported state. */
    List<Unsettled> giveUp();

    /** Returns the packets that no link has seen, oldest first, and forgets all packets. */
    List<Packet> handOver();
}
