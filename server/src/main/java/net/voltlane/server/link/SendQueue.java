package net.voltlane.server.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.unix.Socket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The frames that are to be sent on a link, and the only place that knows which of them the socket has taken.
 *
 * <p>In the common case the socket takes at once what {@link #send} gives it. If it does not, the queue is {@linkplain
 * #isFull full}: frames that come then are copied, counted and charged, until the socket has taken what it was offered.
 * Netty drops the contents of its outbound buffer when a channel closes, so the channel is offered one buffer at a time,
 * which this queue holds as well. {@link #takeBack} then returns every frame that the socket has not wholly taken. The
 * reader index of the offered buffer tells how far the socket got: sockets advance it, and where a {@link Transport} has
 * a codec, the queue does when a write completes. (With io_uring that is later: a link taken away in between may get a
 * frame twice.)
 *
 * <p>Frames put in by {@link #addUncounted} (what a client missed) go first and count against no bound. Belongs to the
 * channel's loop. {@link SendState} draws its life.
 */
public final class SendQueue {
    /** Tells which frames count against the bounds. The others are never held back. */
    public interface Counting {
        boolean counts(ByteBuf buf, int frameIndex);
    }

    final Transport transport;
    private final ByteBufAllocator allocator;
    private final Counting counting;
    private final MemoryAccount account;
    private final Runnable onTaken;
    private SendState state;
    private @Nullable Channel channel;
    /** The socket of the channel, if frames may be written to it directly. */
    private @Nullable Socket socket;
    /** The channel has nothing left to write. Unknown before the first offer: a handshake's answer may wait there. */
    private boolean channelClear;
    /** Null when there are none, which is nearly always. */
    private @Nullable Chain uncounted;

    private final Chain waiting;
    /** The buffer that the channel has, and this queue holds as well. Null when the socket has taken all. */
    private @Nullable ByteBuf offered;
    /** Index in {@code offered} of the first frame that the socket has not wholly taken, as far as looked at. */
    private int frameIndex;
    /** True if the offered buffer came from {@code uncounted}. */
    private boolean offeredUncounted;
    /** True if the offered buffer is among the counted. */
    private boolean offeredIsCounted;
    /** The memory that the offer pins until it is taken. */
    private long offeredPinsBytes;
    /** Counts what is not wholly taken, as far as looked at. Null unless the queue is full. */
    private @Nullable Backlog backlog;

    private long chargedBytes;

    /**
     * @param channel where to send to; null: everything waits for {@link #attach}
     * @param transport the transport of the channel, and of those that follow it
     * @param onTaken called each time that a full queue's socket has taken what it had been offered
     */
    public SendQueue(
            @Nullable Channel channel,
            Transport transport,
            ByteBufAllocator allocator,
            Counting counting,
            MemoryAccount account,
            Runnable onTaken) {
        this.transport = transport;
        this.allocator = allocator;
        this.counting = counting;
        this.account = account;
        this.onTaken = onTaken;
        this.channel = channel;
        socket = DirectSocketWriter.socketOf(channel, transport);
        state = channel == null ? SendState.DETACHED : SendState.GATHERING;
        backlog = channel == null ? new Backlog(counting) : null;
        waiting = new Chain(allocator);
    }

    /** True while the socket has not taken what it was offered, or there is none. */
    public boolean isFull() {
        return backlog != null;
    }

    /** True when nothing is left to send. */
    public boolean isEmpty() {
        return offered == null && uncounted == null && waiting.isEmpty();
    }

    /** Counted packets that the socket did not wholly take when they were offered. */
    public long waitingPackets() {
        advance();
        return backlog == null ? 0 : backlog.packets();
    }

    /** Bytes of the counted packets that the socket did not wholly take, prefixes included. */
    public long waitingBytes() {
        advance();
        return backlog == null ? 0 : backlog.bytes();
    }

    /** Bytes that the socket has not taken, whether they count or not. */
    public long remainingBytes() {
        return Chain.bytesOf(uncounted) + waiting.bytes() + (offered == null ? 0 : offered.readableBytes());
    }

    /** Bytes charged to the account. */
    public long chargedBytes() {
        return chargedBytes;
    }

    /** Takes whole frames over; {@link #flush} offers them to the socket. */
    public void add(ByteBuf frames) {
        add(frames, frames.readerIndex(), frames.readableBytes());
        frames.release();
    }

    /** Takes whole frames, {@code length} bytes from {@code index} on; {@link #flush} offers them to the socket. */
    public void add(ByteBuf frames, int index, int length) {
        leaveIdle();
        Backlog full = backlog;
        if (full != null) {
            full.add(frames, index, index + length);
            waiting.copy(frames, index, length);
            recharge();
        } else if (length < LoopQueue.SLICE_BYTES) {
            waiting.copy(frames, index, length);
        } else {
            waiting.add(frames.retainedSlice(index, length));
        }
    }

    /** Offers whole frames to the socket now, behind all that waits; they stay the caller's. */
    public void send(ByteBuf frames, int index, int length) {
        Socket direct = socket;
        if (direct == null || state != SendState.IDLE) {
            int next = state == SendState.IDLE ? ShapedWrites.write(transport, channel, frames, index, length) : index;
            if (next < index + length) {
                add(frames, next, index + length - next);
                flush();
            }
            return;
        }
        assert isOwned() && isEmpty() : "idle, though something waits, or not on the channel's loop";
        int taken = DirectSocketWriter.write(direct, frames, index, length);
        if (taken < length) {
            // What waits is the whole run, so that a frame taken in part can be given back whole.
            ByteBuf copy = allocator.directBuffer(length).writeBytes(frames, index, length);
            leaveIdle();
            offeredUncounted = false;
            hold(copy.readerIndex(taken), 0);
            offerToChannel();
            flush();
        }
    }

    /** Takes whole frames over that count against no bound, before all those that do. */
    public void addUncounted(ByteBuf frames) {
        addUncounted(frames, false);
    }

    /** Takes frames over as {@link #addUncounted(ByteBuf)}; urgent ones go before everything that waits. */
    public void addUncounted(ByteBuf frames, boolean isUrgent) {
        leaveIdle();
        uncounted = uncounted == null ? new Chain(allocator) : uncounted;
        uncounted.add(frames, isUrgent);
        recharge();
    }

    /** The buffer of uncounted frames that the channel is given next, for a look; null if there is none. */
    public @Nullable ByteBuf firstUncounted() {
        return uncounted == null ? null : uncounted.first();
    }

    private void leaveIdle() {
        assert isOwned() : "belongs to the channel's loop";
        if (state == SendState.IDLE) {
            state = SendState.GATHERING;
        }
    }

    private boolean isOwned() {
        return channel == null || channel.eventLoop().inEventLoop();
    }

    /** Offers what waits, as long as the socket takes it. */
    public void flush() {
        for (Channel target = channel; target != null && offered == null && !isEmpty(); target = channel) {
            Chain source = uncounted == null ? waiting : uncounted;
            offeredUncounted = source != waiting;
            ByteBuf next = Offers.next(target, source, transport);
            if (offeredUncounted && source.isEmpty()) {
                uncounted = null;
            }
            offer(next);
        }
        if (state != SendState.DETACHED && offered == null) {
            assert isEmpty() : "not offered, though the socket takes it";
            backlog = null;
            state = channelClear ? SendState.IDLE : SendState.GATHERING;
        }
        if (state == SendState.BACKLOGGED || chargedBytes > 0) {
            recharge();
        }
        assert isFull() == (state == SendState.BACKLOGGED || state == SendState.DETACHED);
        assert offered == null || state == SendState.BACKLOGGED : "with the channel, and not waited for";
    }

    private void offer(ByteBuf next) {
        hold(next, next.readerIndex());
        if (channelClear) {
            ShapedWrites.offer(transport, channel, socket, next);
            if (!next.isReadable()) {
                taken();
                return;
            }
            advance();
        }
        if ((socket != null || !transport.allowsDirectWrites()) && Offers.pinTooMuch(next)) {
            offered = Offers.unpin(allocator, next, frameIndex); // the few bytes that wait must not pin a shared buffer
            frameIndex = 0;
        }
        offerToChannel();
    }

    private void hold(ByteBuf next, int firstFrameIndex) {
        offered = next;
        offeredIsCounted = state == SendState.BACKLOGGED && !offeredUncounted;
        frameIndex = firstFrameIndex;
    }

    private void offerToChannel() {
        Channel target = channel;
        ByteBuf next = offered;
        assert target != null && next != null : "offered nothing, or to no channel";
        channelClear = false;
        ChannelFuture written = ChannelWrites.write(this, target, next, frameIndex);
        if (written == null) {
            taken();
            return;
        }
        offeredPinsBytes = Offers.pinnedBytes(next, transport);
        if (state != SendState.BACKLOGGED) {
            beginBacklog(next, target);
        }
        written.addListener(f -> {
            if (f.isSuccess() && offered == next) {
                taken();
                flush();
                onTaken.run();
            }
        });
    }

    /** The socket has taken the offer up to {@code end}, which only its codec knew. */
    void recordTaken(ByteBuf offer, int end) {
        if (offered == offer) {
            offer.readerIndex(end);
        }
    }

    /** The socket has taken all of what it was offered. */
    private void taken() {
        ByteBuf whole = offered;
        assert whole != null;
        if (offeredIsCounted && backlog != null) {
            backlog.remove(whole, frameIndex, whole.writerIndex());
        }
        offered = null;
        whole.release();
        channelClear = true;
    }

    /** The socket does not take it all: the rest of the offer counts, and the frames that wait behind it. */
    private void beginBacklog(ByteBuf left, Channel target) {
        Backlog begun = new Backlog(counting);
        backlog = begun;
        state = SendState.BACKLOGGED;
        // Where writes complete later, an offer under way tells nothing yet about the peer.
        offeredIsCounted = !offeredUncounted && Offers.canGather(target);
        if (offeredIsCounted) {
            begun.add(left, frameIndex, left.writerIndex());
        }
        waiting.compact();
        begun.addAll(waiting);
    }

    /**
     * Everything that the socket has not wholly taken, uncounted frames first, in order; the queue is empty then. Only
     * once the channel is closed or its output shut down: nothing more may be taken meanwhile. The caller releases it.
     */
    public List<ByteBuf> takeBack() {
        List<ByteBuf> back = takeAll();
        recharge();
        return back;
    }

    private List<ByteBuf> takeAll() {
        assert isOwned() : "belongs to the channel's loop";
        boolean isCopied = isFull();
        channel = null;
        socket = null;
        channelClear = false;
        state = SendState.DETACHED;
        List<ByteBuf> back = new ArrayList<>();
        ByteBuf current = offered;
        if (current != null) {
            advance();
            if (frameIndex < current.writerIndex()) {
                back.add(Offers.copy(allocator, current, frameIndex));
            }
            offered = null;
            current.release();
        }
        if (uncounted != null) {
            back.addAll(uncounted.takeAll());
            uncounted = null;
        }
        if (!isCopied) {
            waiting.compact();
        }
        back.addAll(waiting.takeAll());
        backlog = new Backlog(counting);
        return back;
    }

    /** Drops everything; only once the channel is closed or its output shut down. */
    public void release() {
        takeBack().forEach(ByteBuf::release);
    }

    /** Drops all frames but those that the channel has, since one that the socket has begun must not be cut. */
    public void dropWaiting() {
        uncounted = Chain.drop(uncounted);
        waiting.release();
        offeredIsCounted = false;
        backlog = backlog == null ? null : new Backlog(counting);
        recharge();
    }

    /** The channel is closed: frames not wholly taken wait for the next one; uncounted frames are dropped. */
    public void detach() {
        uncounted = Chain.drop(uncounted);
        if (offered != null && offeredUncounted) {
            offered.release();
            offered = null;
        }
        takeAll().forEach(waiting::add); // charged all the time: others must not see memory as free
        if (backlog != null) {
            backlog.addAll(waiting);
        }
        recharge();
    }

    /** Goes on with a new channel: {@code first}, which counts against no bound, then what waited. */
    public void attach(Channel next, @Nullable ByteBuf first) {
        channel = next;
        socket = DirectSocketWriter.socketOf(next, transport);
        channelClear = true; // nothing is said before us on a new link to the master
        state = waiting.isEmpty() ? SendState.GATHERING : SendState.BACKLOGGED;
        backlog = waiting.isEmpty() ? null : backlog; // what waits is counted, until it is taken
        if (first != null) {
            addUncounted(first);
        }
        flush();
    }

    /** Takes note of the frames that the socket has wholly taken since. */
    private void advance() {
        ByteBuf current = offered;
        if (current == null) {
            return;
        }
        int taken = current.readerIndex();
        while (frameIndex < taken) {
            int next = Frames.end(current, frameIndex);
            if (next > taken) {
                break;
            }
            if (offeredIsCounted && backlog != null) {
                backlog.remove(current, frameIndex, next);
            }
            frameIndex = next;
        }
    }

    private void recharge() {
        long now =
                Chain.bytesOf(uncounted) + (isFull() ? waiting.bytes() : 0) + (offered == null ? 0 : offeredPinsBytes);
        account.charge(now - chargedBytes);
        chargedBytes = now;
    }
}
