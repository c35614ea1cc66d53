package net.voltlane.server.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;
import net.voltlane.server.link.CodecException;
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
 * Nothing is read in CLOSED: what comes is dropped. There is no renegotiation. Belongs to the channel's loop.
 */
final class TlsCodec extends ChannelDuplexHandler {
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
    private int handshakeBytes;

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
        try {
            decrypt(ctx, in, plain);
        } catch (SSLException e) {
            thrown = e;
        }
        if (plain.isReadable()) {
            ctx.fireChannelRead(plain); // what came before a fault is good
        } else {
            plain.release();
        }
        if (thrown != null) {
            fails(ctx, thrown);
        } else if (engine.isInputDone() && state != State.CLOSED) {
            ctx.channel().close(); // as after a FIN
        }
    }

    private void decrypt(ChannelHandlerContext ctx, ByteBuf in, ByteBuf plain) throws SSLException {
        while (in.isReadable() && !engine.isInputDone()) {
            if (partial.isEmpty()) {
                int whole = Records.wholeBytes(in);
                if (whole == 0) {
                    partial.begin(ctx.alloc(), in);
                    return;
                }
                unwrap(ctx, in, whole, plain);
            } else if (partial.fill(in)) {
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
        if (state == State.HANDSHAKE) {
            handshakeBytes += Math.min(bytes, Records.length(from, from.readerIndex()));
            if (handshakeBytes > engine.maxHandshakeBytes()) {
                throw TlsFaults.tooLong();
            }
        }
        engine.begin(from, bytes);
        while (engine.unwrap(plain)) {
            step(ctx);
        }
        step(ctx);
    }

    /** Does what the handshake asks for after a piece of input: sends, and takes note of its end. */
    private void step(ChannelHandlerContext ctx) throws SSLException {
        if (engine.hasToSay()) {
            say(ctx);
        }
        if (state == State.HANDSHAKE && engine.isHandshakeDone()) {
            state = State.OPEN;
            engine.handshakeDone(ctx.channel(), loop.counters);
        } else if (state == State.OPEN) {
            engine.checkThatNothingBegins();
        }
    }

    /** Sends what the engine has to say itself. */
    private @Nullable ChannelFuture say(ChannelHandlerContext ctx) throws SSLException {
        ByteBuf scratch = loop.scratch.take();
        ChannelFuture last = null;
        try {
            while (engine.wrapOwn(scratch)) {
                last = ctx.write(copy(ctx, scratch));
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
        CodecException fault = TlsFaults.of(thrown, state == State.OPEN);
        state = State.CLOSED;
        partial.release();
        try {
            say(ctx); // the alert
        } catch (SSLException again) {
            // the engine says it no more: the peer finds the connection closed
        }
        ctx.fireExceptionCaught(fault);
    }

    // ---- output

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        ByteBuf plain = (ByteBuf) msg;
        if (!plain.isReadable()) {
            ctx.write(plain, promise);
            return;
        }
        ByteBuf records = null;
        try {
            records = state == State.OPEN ? engine.encrypt(ctx.alloc(), plain) : null;
        } catch (SSLException e) {
            fails(ctx, e);
        } finally {
            plain.release();
        }
        if (records == null) {
            promise.tryFailure(new ClosedChannelException());
        } else {
            ctx.write(records, promise);
        }
    }

    /** Sends close_notify, the last that is sent; null if the connection is in no state for it. */
    @Nullable
    ChannelFuture farewell(ChannelHandlerContext ctx) {
        if (state != State.OPEN) {
            return null;
        }
        state = State.CLOSED;
        partial.release();
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
        state = State.CLOSED;
        partial.release();
        ReferenceCountUtil.release(engine.raw());
    }
}
