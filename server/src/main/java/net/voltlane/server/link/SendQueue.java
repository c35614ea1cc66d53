package net.voltlane.server.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.unix.Socket;
import io.netty.channel.uring.IoUringSocketChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is to be sent on a link, and the only place that knows what the socket has taken of it.
 *
 * <p>In the common case the socket takes at once what {@link #send} gives it, and nothing else happens. Where it does
 * not, the queue is {@linkplain #isFull full}: what comes then is copied, counted and charged, until the socket has
 * taken what it was offered. Netty drops what lies in its outbound buffer when a channel closes, so the channel is
 * offered one buffer at a time, which this queue holds as well. When the channel closes, {@link #takeBack} returns
 * every frame that the socket has not wholly taken, one taken in part whole. How far it got is the buffer's own reader
 * index: all transports advance it when the socket takes a part. (io_uring learns of it later: a link taken away in
 * between may get a frame twice.)
 *
 * <p>Frames put in by {@link #addUncounted} (what a client missed) go first and count against no bound. Belongs to the
 * channel's loop.
 */
public final class SendQueue {
    /** Says which frames count against the bounds; the others are never held back. */
    public interface Counting {
        boolean counts(ByteBuf buf, int frameIndex);
    }

    private static final int MAX_PARTS = 64;
    private static final int MAX_OFFER_BYTES = 1024 * 1024;
    /** How much more than itself an offer may pin while the socket does not take it, where that can be helped. */
    private static final int MOST_PINNED_FACTOR = 2;

    private final ByteBufAllocator allocator;
    private final Counting counting;
    private final MemoryAccount account;
    private final Runnable onTaken;

    private @Nullable Channel channel;
    /** The short way to the kernel, where there is one. */
    private @Nullable Socket socket;
    /** The channel has nothing left to write. Not known before the first offer: a handshake's answer may wait there. */
    private boolean channelClear;
    /** Nothing waits, here or with the channel: what comes may go straight to the socket. */
    private boolean idle;

    /** Null when there are none, which is nearly always. */
    private @Nullable Chain uncounted;

    private final Chain waiting;

    /** With the channel, and held here as well. Null when the socket has taken all. */
    private @Nullable ByteBuf offered;
    /** In {@code offered}: where the first frame begins that the socket has not wholly taken, as far as looked at. */
    private int frameIndex;

    /** What is offered came from {@code uncounted}. */
    private boolean offeredUncounted;
    /** What is offered is among the counted. */
    private boolean offeredIsCounted;
    /** What the offered buffer pins, until it is taken. */
    private long offeredPinsBytes;

    /** The socket has not taken what it was offered: what waits is copied, counted and charged, until all is taken. */
    private boolean backlogged;

    /** Of the backlog: counted frames not wholly taken, as far as looked at. */
    private long countedPackets;

    private long countedBytes;
    private long chargedBytes;

    /**
     * @param channel where to send to; null: everything waits for {@link #attach}
     * @param onTaken called each time that a full queue's socket has taken what it had been offered
     */
    public SendQueue(
            @Nullable Channel channel,
            ByteBufAllocator allocator,
            Counting counting,
            MemoryAccount account,
            Runnable onTaken) {
        this.channel = channel;
        socket = DirectSocketWriter.socketOf(channel);
        this.allocator = allocator;
        this.counting = counting;
        this.account = account;
        this.onTaken = onTaken;
        waiting = new Chain(allocator);
    }

    /** True while the socket has not taken what it was offered, or there is none. */
    public boolean isFull() {
        return backlogged || channel == null;
    }

    /** True when nothing is left to send. */
    public boolean isEmpty() {
        return offered == null && uncounted == null && waiting.isEmpty();
    }

    /** Counted packets that the socket did not wholly take when they were offered. */
    public long waitingPackets() {
        advance();
        return countedPackets;
    }

    /** Bytes of the counted packets that the socket did not wholly take, prefixes included. */
    public long waitingBytes() {
        advance();
        return countedBytes;
    }

    /** Bytes that the socket has not taken, whether they count or not. */
    public long remainingBytes() {
        ByteBuf current = offered;
        return uncountedBytes() + waiting.bytes() + (current == null ? 0 : current.readableBytes());
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
        idle = false;
        if (isFull()) {
            countAll(frames, index, index + length, 1);
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
        Socket straight = socket;
        if (straight == null || !idle) {
            add(frames, index, length);
            flush();
            return;
        }
        int taken = DirectSocketWriter.write(straight, frames, index, length);
        if (taken < length) {
            // What waits is the whole run, so that a frame taken in part can be given back whole.
            ByteBuf copy = allocator.directBuffer(length).writeBytes(frames, index, length);
            idle = false;
            offeredUncounted = false;
            hold(copy, 0);
            offerToChannel(copy.readerIndex(taken));
            flush();
        }
    }

    /** Takes whole frames over that count against no bound, before all those that do. */
    public void addUncounted(ByteBuf frames) {
        idle = false;
        Chain chain = uncounted;
        if (chain == null) {
            chain = new Chain(allocator);
            uncounted = chain;
        }
        chain.add(frames);
        recharge();
    }

    private long uncountedBytes() {
        return uncounted == null ? 0 : uncounted.bytes();
    }

    /** Offers what waits, as long as the socket takes it. */
    public void flush() {
        Channel target = channel;
        while (target != null && offered == null && !(uncounted == null && waiting.isEmpty())) {
            Chain source = uncounted == null ? waiting : uncounted;
            offeredUncounted = source != waiting;
            ByteBuf next = nextOffer(target, source);
            if (offeredUncounted && source.isEmpty()) {
                uncounted = null;
            }
            offer(next);
        }
        if (backlogged && offered == null) {
            backlogged = false;
            countedPackets = 0;
            countedBytes = 0;
        }
        idle = channelClear && isEmpty();
        if (backlogged || chargedBytes > 0) {
            recharge();
        }
    }

    private void offer(ByteBuf next) {
        hold(next, next.readerIndex());
        Socket straight = socket;
        if (straight != null && channelClear) {
            next.skipBytes(DirectSocketWriter.write(straight, next));
            if (!next.isReadable()) {
                taken();
                return;
            }
        }
        if (straight != null && pinnedBytes(next) > MOST_PINNED_FACTOR * next.readableBytes()) {
            next = ownCopy(next);
        }
        offerToChannel(next);
    }

    /** What is left of the offer, in a buffer of its own: few bytes that wait must not pin a large shared buffer. */
    private ByteBuf ownCopy(ByteBuf shared) {
        advance();
        int length = shared.writerIndex() - frameIndex;
        ByteBuf copy = allocator.directBuffer(length).writeBytes(shared, frameIndex, length);
        copy.skipBytes(shared.readerIndex() - frameIndex);
        shared.release();
        offered = copy;
        frameIndex = 0;
        return copy;
    }

    /** @param firstFrame where in {@code next} the first frame begins */
    private void hold(ByteBuf next, int firstFrame) {
        offered = next;
        offeredIsCounted = backlogged && !offeredUncounted;
        frameIndex = firstFrame;
    }

    private void offerToChannel(ByteBuf next) {
        Channel target = channel;
        assert target != null : "offered without a channel";
        channelClear = false;
        target.write(next.retain(), target.voidPromise());
        target.flush();
        if (target.bytesBeforeUnwritable() > target.config().getWriteBufferHighWaterMark()) {
            taken(); // nothing is pending: the socket has taken it all
            return;
        }
        offeredPinsBytes = pinnedBytes(next);
        if (!backlogged) {
            beginBacklog(target);
        }
        // Completes when all before it has been taken; a promise per write would be garbage per packet.
        target.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(f -> {
            if (f.isSuccess() && offered == next) {
                taken();
                flush();
                onTaken.run();
            }
        });
    }

    /** The socket has taken all of what it was offered. */
    private void taken() {
        ByteBuf whole = offered;
        assert whole != null;
        if (offeredIsCounted) {
            countAll(whole, frameIndex, whole.writerIndex(), -1);
        }
        offered = null;
        whole.release();
        channelClear = true;
    }

    /** The socket does not take it all: what is left of the offer counts, and what waits behind it. */
    private void beginBacklog(Channel target) {
        backlogged = true;
        countedPackets = 0;
        countedBytes = 0;
        // Where writes complete later, an offer under way tells nothing yet about the peer.
        offeredIsCounted = !offeredUncounted && canGather(target);
        if (offeredIsCounted) {
            countAll(offered, frameIndex, offered.writerIndex(), 1);
        }
        waiting.compact();
        countWaiting();
    }

    private void countWaiting() {
        waiting.forEach(buf -> countAll(buf, buf.readerIndex(), buf.writerIndex(), 1));
    }

    /** A slice pins the whole buffer that it was cut from. */
    private static long pinnedBytes(ByteBuf offered) {
        ByteBuf whole = whole(offered);
        if (!(whole instanceof CompositeByteBuf)) {
            return whole.capacity();
        }
        Set<ByteBuf> wholes = Collections.newSetFromMap(new IdentityHashMap<>());
        addWholes(whole, wholes);
        long bytes = 0;
        for (ByteBuf next : wholes) {
            bytes += next.capacity();
        }
        return bytes;
    }

    private static void addWholes(ByteBuf part, Set<ByteBuf> wholes) {
        ByteBuf whole = whole(part);
        if (whole instanceof CompositeByteBuf many) {
            for (int i = 0; i < many.numComponents(); i++) {
                addWholes(many.internalComponent(i), wholes);
            }
        } else {
            wholes.add(whole);
        }
    }

    private static ByteBuf whole(ByteBuf part) {
        ByteBuf outer = part;
        for (ByteBuf next = outer.unwrap(); next != null; next = outer.unwrap()) {
            outer = next;
        }
        return outer;
    }

    /**
     * Everything that the socket has not wholly taken, uncounted frames first, in order; the queue is empty then. Only
     * once the channel is closed or its output shut down: nothing more may be taken meanwhile. The caller releases it.
     */
    public List<ByteBuf> takeBack() {
        leaveChannel();
        List<ByteBuf> back = new ArrayList<>();
        ByteBuf rest = takeOffered();
        if (rest != null) {
            back.add(rest);
        }
        if (uncounted != null) {
            back.addAll(uncounted.takeAll());
            uncounted = null;
        }
        waiting.compact();
        back.addAll(waiting.takeAll());
        backlogged = false;
        countedPackets = 0;
        countedBytes = 0;
        recharge();
        return back;
    }

    /** Drops everything; only once the channel is closed or its output shut down. */
    public void release() {
        takeBack().forEach(ByteBuf::release);
    }

    /** The channel is closed: what it has not wholly taken waits for the next one; uncounted frames are dropped. */
    public void detach() {
        leaveChannel();
        boolean isCopied = backlogged;
        backlogged = false;
        if (uncounted != null) {
            uncounted.release();
            uncounted = null;
        }
        boolean drop = offeredUncounted;
        ByteBuf rest = takeOffered();
        if (!isCopied) {
            waiting.compact();
        }
        List<ByteBuf> behind = waiting.takeAll();
        if (rest != null && drop) {
            rest.release();
        } else if (rest != null) {
            waiting.add(rest);
        }
        behind.forEach(waiting::add);
        countedPackets = 0;
        countedBytes = 0;
        countWaiting();
        recharge();
    }

    /** Goes on with a new channel: {@code first}, which counts against no bound, then what waited. */
    public void attach(Channel next, @Nullable ByteBuf first) {
        channel = next;
        socket = DirectSocketWriter.socketOf(next);
        channelClear = true; // nothing is said before us on a new link to the master
        backlogged = !waiting.isEmpty(); // which is counted, until it is taken
        if (first != null) {
            addUncounted(first);
        }
        flush();
    }

    private void leaveChannel() {
        channel = null;
        socket = null;
        channelClear = false;
        idle = false;
    }

    private static ByteBuf nextOffer(Channel target, Chain source) {
        ByteBuf first = source.poll();
        assert first != null;
        if (source.isEmpty() && (first.nioBufferCount() == 1 || canGather(target))) {
            return first;
        }
        List<ByteBuf> parts = new ArrayList<>();
        int bytes = first.readableBytes();
        parts.add(first);
        while (!source.isEmpty() && parts.size() < MAX_PARTS && bytes + source.firstBytes() <= MAX_OFFER_BYTES) {
            bytes += source.firstBytes();
            parts.add(source.poll());
        }
        return gather(target, parts, bytes);
    }

    /** io_uring can't write one buffer that lies in several places, and writes later; the others do both. */
    private static boolean canGather(Channel channel) {
        return !(channel instanceof IoUringSocketChannel);
    }

    /** One buffer of many. */
    private static ByteBuf gather(Channel channel, List<ByteBuf> parts, int bytes) {
        if (!canGather(channel)) {
            ByteBuf copy = channel.alloc().directBuffer(bytes);
            for (ByteBuf part : parts) {
                copy.writeBytes(part);
                part.release();
            }
            return copy;
        }
        CompositeByteBuf many = channel.alloc().compositeDirectBuffer(2 * MAX_PARTS);
        for (ByteBuf part : parts) {
            many.addFlattenedComponents(true, part);
        }
        return many;
    }

    private void countAll(ByteBuf buf, int index, int end, int sign) {
        while (index < end) {
            index = count(buf, index, sign);
        }
    }

    private int count(ByteBuf buf, int index, int sign) {
        int next = Frames.end(buf, index);
        if (counting.counts(buf, index)) {
            countedPackets += sign;
            countedBytes += (long) sign * (next - index);
        }
        return next;
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
            if (offeredIsCounted) {
                count(current, frameIndex, -1);
            }
            frameIndex = next;
        }
    }

    private @Nullable ByteBuf takeOffered() {
        ByteBuf current = offered;
        if (current == null) {
            return null;
        }
        advance();
        offered = null;
        int length = current.writerIndex() - frameIndex;
        ByteBuf rest =
                length == 0 ? null : current.alloc().directBuffer(length).writeBytes(current, frameIndex, length);
        current.release();
        return rest;
    }

    private void recharge() {
        long now = uncountedBytes();
        if (isFull()) {
            now += waiting.bytes();
        }
        if (offered != null) {
            now += offeredPinsBytes;
        }
        account.charge(now - chargedBytes);
        chargedBytes = now;
    }
}
