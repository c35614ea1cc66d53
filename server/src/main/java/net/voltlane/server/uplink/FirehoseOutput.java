package net.voltlane.server.uplink;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import net.voltlane.server.link.MemoryAccount;
import net.voltlane.server.link.SendQueue;
import org.jspecify.annotations.Nullable;

/**
 * The output of firehose 3: gives the present link the kept packets, as fast as its socket takes them, and between them
 * the packets of the link itself, which have no number and are never kept. Of those only the newest waits. Belongs to the
 * session loop.
 */
final class FirehoseOutput {
    /** Kept packets that are offered to the socket before the tick ends: a large backlog is not to build up in one tick. */
    private static final int LARGE_BACKLOG_BYTES = 256 * 1024;

    /** The figures that wait for the socket, and get their numbers only when it has room. */
    interface Notes {
        /** Keeps the packets for them. Returns false if some have to wait on, for lack of room. */
        boolean write();
    }

    private final EventLoop loop;
    private final KeptBounds bounds;
    private final Receipts receipts;
    private final PacketWriter writer;
    private final Runnable onSent;
    private final SendQueue queue;
    private Notes notes = () -> true;
    /** The last packet that was kept when the oldest of the figures came. */
    private long notedBehind;

    private KeptLog log;

    /** True from Welcome to the loss of the link. */
    private boolean isOpen;

    private byte @Nullable [] pong;
    private boolean isPingDue;
    /** From now on packets are dropped: they come from loops that have not ended yet, and would never be sent. */
    private boolean isClosed;

    private final Runnable flushTask = this::pump;
    private boolean flushScheduled;
    private final Runnable ackTask = this::ackIsLate;
    private boolean ackScheduled;

    /**
     * @param account is charged for what is kept, and for what waits in the link's queue
     * @param onSent runs each time that something was sent
     */
    FirehoseOutput(
            MasterUplink.Dependencies around,
            MemoryAccount account,
            KeptBounds bounds,
            Receipts receipts,
            PacketWriter writer,
            Runnable onSent) {
        loop = around.loop();
        this.bounds = bounds;
        this.receipts = receipts;
        this.writer = writer;
        this.onSent = onSent;
        log = new KeptLog(around.allocator(), account);
        // What waits is counted where it is kept, so the queue itself counts nothing.
        queue = new SendQueue(
                null, around.firehose().transport(), around.allocator(), (buf, index) -> false, account, this::pump);
    }

    /** Sets where the figures come from that wait for the socket. */
    void notes(Notes source) {
        notes = source;
    }

    /** Figures wait: their packets are kept once all that is kept by now has been handed to the socket. */
    void noted() {
        notedBehind = log.last();
    }

    // ---- packets that are kept

    /** The packets of the present pair of instances. */
    KeptLog log() {
        return log;
    }

    /** Takes whole frames with data of clients, {@code length} bytes from {@code index} on. */
    void data(ByteBuf buf, int index, int length) {
        assert loop.inEventLoop() : "belongs to the session loop";
        if (isClosed) {
            return;
        }
        long before = log.last();
        log.append(buf, index, length);
        bounds.addData(log.last() - before, length);
        if (isOpen && log.waitingBytes() >= LARGE_BACKLOG_BYTES) {
            pump();
        }
    }

    /** Takes a packet of the server's own. */
    void own(ByteBuf frame) {
        keep(frame);
        flushSoon();
    }

    /** Takes a packet of the server's own that is sent with whatever follows: for {@link Notes#write}. */
    void keep(ByteBuf frame) {
        assert loop.inEventLoop() : "belongs to the session loop";
        if (isClosed) {
            return;
        }
        log.append(frame, frame.readerIndex(), frame.readableBytes());
        bounds.addOwn(frame.readableBytes());
    }

    // ---- the link

    /** A link is there; nothing but {@code hello} goes to it before {@link #begin}. */
    void attach(Channel link, ByteBuf hello) {
        queue.attach(link, hello);
    }

    /** The master has said Welcome: what waits in {@code kept} is sent, from its first packet on. */
    void begin(KeptLog kept) {
        log = kept;
        log.rewind();
        notedBehind = log.last();
        isOpen = true;
        pump();
    }

    /** The link is lost. What was kept for the master stays so. */
    void detach() {
        isOpen = false;
        pong = null;
        isPingDue = false;
        queue.release();
    }

    /** Answers the master's Ping. */
    void pong(byte[] data) {
        pong = data;
        flushSoon();
    }

    void ping() {
        isPingDue = true;
        pump();
    }

    /** Packets were received: the master is told within 50 ms. */
    void received() {
        if (receipts.isDue() || pong != null) {
            flushSoon();
        }
        if (receipts.isPending() && !ackScheduled) { // also beside a Pong, which goes alone
            ackScheduled = true;
            loop.schedule(ackTask, Receipts.MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void ackIsLate() {
        ackScheduled = false;
        receipts.isLate();
        pump();
    }

    // ---- sending

    /** Offers what waits to the socket at the end of the tick, once for all that the tick brings. */
    void flushSoon() {
        if (!flushScheduled) {
            flushScheduled = true;
            loop.execute(flushTask);
        }
    }

    /** Tells the master of everything that was received, and offers what waits to the socket now. */
    void flush() {
        receipts.isLate();
        pump();
    }

    private void pump() {
        assert loop.inEventLoop() : "belongs to the session loop";
        flushScheduled = false;
        boolean sent = false;
        while (isOpen && !queue.isFull()) {
            if (log.waitingBytes() == 0 || log.handed() >= notedBehind) {
                notedBehind = notes.write() ? Long.MAX_VALUE : log.last();
            }
            boolean any = linkPackets();
            any |= log.hand(queue);
            if (!any) {
                break;
            }
            sent = true;
            queue.flush();
        }
        if (sent) {
            onSent.run();
        }
    }

    /** Gives the queue the packets of the link itself. Returns false if there is none. */
    private boolean linkPackets() {
        boolean isDataNext = log.waitingBytes() > 0;
        boolean any = false;
        byte[] answer = pong;
        if (answer != null) {
            pong = null;
            add(writer.pong(answer));
            any = true;
        }
        if (receipts.isDue() || isDataNext && receipts.isPending()) {
            ByteBuf ack = writer.ack(receipts.tell());
            if (!log.sendBehind(ack, queue)) {
                add(ack);
            }
            any = true;
        }
        if (isPingDue && !any && !isDataNext) {
            add(writer.ping());
            any = true;
        }
        isPingDue = false; // anything that is sent does instead
        return any;
    }

    private void add(ByteBuf frame) {
        queue.add(frame, frame.readerIndex(), frame.readableBytes());
    }

    /** Frees everything. */
    void close() {
        isClosed = true;
        detach();
        log.release();
    }
}
