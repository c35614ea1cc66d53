package net.voltlane.server.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;
import net.voltlane.server.link.CodecException;
import net.voltlane.server.link.Layer;
import net.voltlane.server.link.LayerInput;
import net.voltlane.server.link.RecordShape;
import org.jspecify.annotations.Nullable;

/**
 * The codec of one connection with TLS. Decrypts all records of one read into one buffer, which the loop's connections
 * share, and encrypts each write into records of its own, so that the promise of the write completes when the socket has
 * taken them. Between two reads it holds no memory but an unfinished record.
 *
 * <pre>
 *   HANDSHAKE ──done──► OPEN ──our close_notify, or a close──► CLOSED
 *       │                 │──the peer's close_notify──► the connection is closed
 *       └──a fault────────┴──► CLOSED, and the last handler is told by a {@link CodecException}
 * </pre>
 *
 * Nothing is read in CLOSED: what comes is dropped. There is no renegotiation. Belongs to the channel's loop, but for
 * {@link #heldBytes}.
 */
final class TlsCodec extends ChannelDuplexHandler implements Layer, RecordShape {
    static final String NAME = "tls";

    /** The most that a client may send before its handshake is done: a ClientHello, of which few are over 2 KiB. */
    static final int MAX_HANDSHAKE_BYTES = 16 * 1024;
    /** The most with a certificate of the client's. */
    static final int MAX_HANDSHAKE_BYTES_WITH_CERTIFICATE = 64 * 1024;

    private enum State {
        HANDSHAKE,
        OPEN,
        CLOSED
    }

    private final TlsEngine engine;
    private final TlsLoop loop;
    private final PartialRecord partial;
    private State state = State.HANDSHAKE;
    /** Bytes of the handshake, of which the engine may keep all until it is done. Charged until then. */
    private volatile int handshakeBytes;
    /** Bytes of an unfinished record, which the link has counted. */
    private int unfinishedBytes;
    /** Bytes of records that the read under way has brought, and that have no data in them. */
    private int quietBytes;
    /** Bytes that the link has counted before, of records that the last read finished. */
    private int countedBytes;
    /** The rest of a record that the socket has begun past the pipeline; null if there is none. */
    private @Nullable ByteBuf begun;
    /** The length of the plaintext in it, which is the first that is written next. */
    private int begunPlainBytes;
    /** Done when the socket has taken what the engine said last; null if that is known. */
    private @Nullable ChannelFuture said;
    /** The client broke the rules, and was told so. */
    private @Nullable Fault fault;

    TlsCodec(TlsEngine engine, TlsLoop loop) {
        this.engine = engine;
        this.loop = loop;
        partial = new PartialRecord(loop.memory);
    }

    // ---- input

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf in = (ByteBuf) msg;
        try {
            if (state != State.CLOSED) {
                read(ctx, in);
            }
        } finally {
            in.release();
        }
    }

    private void read(ChannelHandlerContext ctx, ByteBuf in) {
        assert ctx.executor().inEventLoop() : "belongs to the channel's loop";
        ByteBuf plain = loop.plain.take();
        SSLException thrown = null;
        boolean wasOpen = state == State.OPEN;
        int before = unfinishedBytes;
        quietBytes = 0;
        try {
            decrypt(ctx, in, plain);
        } catch (SSLException e) {
            thrown = e;
        }
        if (thrown != null && !wasOpen) {
            plain.clear(); // from a client that is not let in
        }
        int unseen = quietBytes + unfinishedBytes - before;
        countedBytes = Math.max(0, -unseen);
        if (plain.isReadable()) {
            ctx.fireChannelRead(plain); // what came before a fault is good
        } else {
            plain.release();
        }
        if (unseen > 0 && state == State.OPEN && !engine.isInputDone()) {
            // A record that comes slowly is a sign of life, and counts as it comes. So does one that asks for new keys.
            ctx.fireUserEventTriggered(new LayerInput(unseen));
        }
        if (thrown != null) {
            fails(ctx, thrown);
        } else if (engine.isInputDone() && state != State.CLOSED) {
            ctx.channel().close(); // as after a FIN
        }
    }

    private void decrypt(ChannelHandlerContext ctx, ByteBuf in, ByteBuf plain) throws SSLException {
        while (in.isReadable() && !engine.isInputDone()) {
            int length = partial.isEmpty() ? Records.length(in, in.readerIndex()) : 0;
            if (length > 0 && length <= in.readableBytes()) {
                unwrap(ctx, in, length, plain); // one by one: a fault must not take what came before it along
                continue;
            }
            int before = in.readableBytes();
            boolean isWhole = partial.fill(ctx.alloc(), in);
            unfinishedBytes = isWhole ? 0 : unfinishedBytes + before - in.readableBytes();
            if (isWhole) {
                ByteBuf record = partial.take();
                try {
                    unwrap(ctx, record, record.readableBytes(), plain);
                } finally {
                    record.release();
                }
            }
        }
    }

    private void unwrap(ChannelHandlerContext ctx, ByteBuf from, int bytes, ByteBuf plain) throws SSLException {
        boolean wasOpen = state == State.OPEN;
        int before = plain.writerIndex();
        if (state == State.HANDSHAKE) {
            charge(bytes);
            if (handshakeBytes > engine.maxHandshakeBytes()) {
                throw TlsFaults.tooLong();
            }
        }
        engine.begin(from, bytes);
        while (engine.unwrap(plain)) {
            step(ctx);
        }
        step(ctx);
        if (wasOpen && plain.writerIndex() == before) {
            quietBytes += bytes;
        }
    }

    private void charge(int bytes) {
        loop.memory.charge(bytes);
        int now = handshakeBytes + bytes; // written on one loop
        handshakeBytes = now;
    }

    /** Does what the handshake asks for after a piece of input: sends, and takes note of its end. */
    private void step(ChannelHandlerContext ctx) throws SSLException {
        if (engine.hasToSay()) {
            if (state == State.OPEN && !engine.isInputDone() && hasWaiting(ctx.channel())) {
                // Each answer would wait, past all bounds, for a client that asks and does not read.
                throw new SSLException("the client asks for new keys, and does not read");
            }
            say(ctx);
        }
        if (state == State.HANDSHAKE && engine.isHandshakeDone()) {
            engine.handshakeDone(ctx.channel(), loop.counters, loop.wallMillis.getAsLong());
            charge(-handshakeBytes);
            state = State.OPEN;
        } else if (state == State.OPEN) {
            engine.checkThatNothingBegins();
        }
    }

    private static boolean hasWaiting(Channel channel) {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        return waiting != null && waiting.totalPendingWriteBytes() > 0;
    }

    /** Sends what the engine has to say itself. */
    private @Nullable ChannelFuture say(ChannelHandlerContext ctx) throws SSLException {
        ByteBuf scratch = loop.scratch.take();
        ChannelFuture last = null;
        try {
            while (engine.wrapOwn(scratch)) {
                last = ctx.write(copy(ctx, scratch));
                said = last;
                scratch.clear();
            }
            return last;
        } finally {
            scratch.release();
            if (last != null) {
                ctx.flush(); // also where the engine throws behind its alert
            }
        }
    }

    private static ByteBuf copy(ChannelHandlerContext ctx, ByteBuf buf) {
        return ctx.alloc().directBuffer(buf.readableBytes()).writeBytes(buf);
    }

    private void fails(ChannelHandlerContext ctx, Throwable thrown) {
        CodecException broken = TlsFaults.of(thrown, state == State.OPEN);
        fault = new Fault(broken.rejected(), broken.why(), !(thrown instanceof Records.NotTlsException));
        end();
        try {
            say(ctx); // the alert
        } catch (SSLException again) {
            // the engine says it no more: the peer finds the connection closed
        }
        ctx.fireExceptionCaught(broken);
    }

    private void end() {
        state = State.CLOSED;
        partial.release();
        charge(-handshakeBytes);
        if (begun != null) {
            begun.release();
            begun = null;
        }
    }

    // ---- what the link asks

    /** The fault, and if the client was told of it by an alert: then it is to get time to read that. */
    @Override
    public @Nullable Fault fault() {
        return fault;
    }

    @Override
    public int countedBytes() {
        return countedBytes;
    }

    @Override
    public long heldBytes() {
        return (long) partial.heldBytes() + handshakeBytes;
    }

    // ---- output

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        ByteBuf plain = (ByteBuf) msg;
        if (!plain.isReadable()) {
            ctx.write(plain, promise);
            return;
        }
        ByteBuf rest = begun;
        if (rest != null) {
            begun = null;
            plain.skipBytes(begunPlainBytes);
            if (!plain.isReadable()) {
                plain.release();
                ctx.write(rest, promise);
                return;
            }
            ctx.write(rest, ctx.voidPromise());
        }
        ByteBuf records = null;
        try {
            records = state == State.OPEN ? engine.encrypt(ctx.alloc(), plain) : null;
        } catch (SSLException e) {
            fails(ctx, e);
        } finally {
            plain.release();
        }
        if (records != null) {
            ctx.write(records, promise);
        } else if (!promise.isVoid()) {
            promise.tryFailure(new ClosedChannelException());
        }
    }

    @Override
    public boolean isClear() {
        if (said != null && said.isDone()) {
            said = null;
        }
        return state == State.OPEN && begun == null && said == null;
    }

    @Override
    public boolean shape(ByteBuf frames, int index, int length, ByteBuf to) {
        try {
            return engine.encrypt(frames, index, length, to);
        } catch (SSLException e) {
            return false;
        }
    }

    @Override
    public void begun(ByteBuf rest, int plainBytes) {
        begun = rest;
        begunPlainBytes = plainBytes;
    }

    /** Sends close_notify, the last that is sent; null if the connection is in no state for it. */
    @Nullable
    ChannelFuture farewell(ChannelHandlerContext ctx) {
        if (state != State.OPEN) {
            return null;
        }
        end();
        engine.closeOutput();
        try {
            return say(ctx);
        } catch (SSLException e) {
            return null;
        }
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (ctx.channel().isActive()) {
            farewell(ctx);
        }
        ctx.close(promise);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        end();
        ReferenceCountUtil.release(engine.raw());
    }
}
