package net.voltlane.client;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;

/**
 * The packets of a session of version 2, which has no acknowledgements.
 *
 * <pre>
 *  add -> | waiting ................. | -> fill -> | inFlight: in the batch that is being written | -> written: gone
 *           bounded, may be dropped   <- detached -             whole, from their first byte
 * </pre>
 *
 * A frame is in flight from the moment when its first byte is in a batch until the kernel has taken its last byte. When
 * the link dies, frames in flight go back to the front of the queue. A frame that the kernel had taken in part is sent
 * again, whole, on the next link. A frame that it had taken whole is not sent again, as it may have arrived.
 *
 * <p>The bounds count the frames that wait. Frames in flight come on top: the content of one batch, or one frame that
 * is larger.
 */
final class Version2Sends implements SendStore {

    private final ArrayDeque<Packet> waiting = new ArrayDeque<>();
    private final ArrayDeque<Packet> inFlight = new ArrayDeque<>();
    private long waitingBytes;
    /** The bytes of the first frame in flight that the kernel has taken. */
    private int writtenBytes;

    private boolean finishing;
    /** True if the writer was told to shut the output of the link. */
    private boolean outputShut;

    @Override
    public int packets() {
        return waiting.size();
    }

    @Override
    public long bytes() {
        return waitingBytes;
    }

    @Override
    public void add(Packet packet) {
        waiting.addLast(packet);
        waitingBytes += packet.payloadBytes();
    }

    @Override
    public Packet dropOldest() {
        Packet oldest = waiting.removeFirst();
        waitingBytes -= oldest.payloadBytes();
        return oldest;
    }

    @Override
    public void finish(Ending ending) {
        finishing = true;
    }

    @Override
    public boolean isTimed() {
        return false;
    }

    @Override
    public boolean acknowledges() {
        return false;
    }

    @Override
    public boolean hasWork(long nowNanos) {
        return finishing && !outputShut || !waiting.isEmpty() || !inFlight.isEmpty();
    }

    @Override
    public boolean mayFill() {
        return !waiting.isEmpty() || !inFlight.isEmpty();
    }

    @Override
    public long untilWorkNanos(long nowNanos) {
        return NEVER;
    }

    @Override
    public void fill(ByteBuffer batch, long nowNanos) {
        // At most one frame is in flight at this moment: the last one of the batch before, which had no room for all of
        // it.
        assert inFlight.size() <= 1;
        Packet begun = inFlight.peekFirst();
        if (begun != null) {
            byte[] frame = begun.frame();
            batch.put(frame, writtenBytes, Math.min(frame.length - writtenBytes, batch.remaining()));
        }
        while (batch.hasRemaining() && !waiting.isEmpty()) {
            Packet next = dropOldest();
            inFlight.addLast(next);
            batch.put(next.frame(), 0, Math.min(next.frame().length, batch.remaining()));
        }
        outputShut = batch.position() == 0;
    }

    @Override
    public void written(int bytes) {
        writtenBytes += bytes;
        while (!inFlight.isEmpty() && inFlight.getFirst().frame().length <= writtenBytes) {
            writtenBytes -= inFlight.removeFirst().frame().length;
        }
    }

    @Override
    public void detached() {
        writtenBytes = 0;
        while (!inFlight.isEmpty()) {
            Packet packet = inFlight.removeLast();
            waiting.addFirst(packet);
            waitingBytes += packet.payloadBytes();
        }
    }

    @Override
    public List<Unsettled> clear() {
        return handOver().stream()
                .map(packet -> new Unsettled(packet, PacketFate.NOT_SENT))
                .toList();
    }

    @Override
    public List<Unsettled> giveUp() {
        return clear();
    }

    @Override
    public List<Packet> handOver() {
        List<Packet> all = List.copyOf(waiting);
        waiting.clear();
        waitingBytes = 0;
        return all;
    }
}
