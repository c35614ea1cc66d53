package net.voltlane.server.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import java.net.InetAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import net.voltlane.protocol.CloseCode;
import net.voltlane.server.link.Layer;
import net.voltlane.server.link.LayerInput;
import net.voltlane.server.link.MemoryAccount;
import net.voltlane.server.link.Transport;
import org.jspecify.annotations.Nullable;

/**
 * The codec of a WebSocket connection, between the bytes of its peer and the frames of the link above.
 *
 * <pre>
 *   REQUEST ──upgrade──► OPEN ──Close frame sent──► CLOSED
 *      └──────any other answer, or a fault────────────┘
 * </pre>
 *
 * In REQUEST it reads one HTTP request. In OPEN it decodes messages, and answers Pings. When CLOSED it discards what
 * comes. Belongs to the connection's loop, but for {@link #heldBytes}.
 */
final class WebSocketCodec extends ChannelDuplexHandler implements Layer, MessageDecoder.Controls {
    private enum State {
        REQUEST,
        OPEN,
        CLOSED
    }

    private static final byte[] NO_TEXT = {};
    /** No code was given for the Close frame yet. */
    private static final int NO_STATUS = 0;

    private final Channel channel;
    private final Transport below;
    private final WebSocketSettings settings;
    private final Fragments fragments;
    private final MessageDecoder decoder;
    private State state = State.REQUEST;
    /** Null behind REQUEST. */
    private @Nullable HeadReader request;
    /** Asks for the client's address, until it is known. */
    private @Nullable Naming naming;

    private @Nullable Fault fault;
    private @Nullable String subprotocol;

    /** The reason that the Close frame will give. */
    private int status = NO_STATUS;

    private byte[] text = NO_TEXT;
    /** The code of the client's Close frame, while it is not answered; else {@link #NO_STATUS}. */
    private int closedByClient = NO_STATUS;
    /** The newest Pong that is not written yet; null if there is none. */
    private @Nullable ByteBuf pong;
    /** A Pong waits for the socket. */
    private boolean pongWaits;
    /** See {@link MessageDecoder#unseenBytes}. */
    private int unseenBytes;
    /** Bytes of the message that is written next that the socket has taken already. */
    private int begunBytes;

    /** @param below the transport below this codec */
    WebSocketCodec(Channel channel, Transport below, WebSocketSettings settings, MemoryAccount account) {
        this.channel = channel;
        this.below = below;
        this.settings = settings;
        request = new HeadReader(account);
        fragments = new Fragments(channel.alloc(), account);
        decoder = new MessageDecoder(channel.alloc(), fragments, this);
    }

    // ---- input

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf in = (ByteBuf) msg;
        HeadReader reader = request;
        if (reader != null) {
            readRequest(ctx, reader, in);
        } else if (state == State.OPEN) {
            readMessages(ctx, in);
        } else {
            in.release();
        }
    }

    private void readRequest(ChannelHandlerContext ctx, HeadReader reader, ByteBuf in) {
        Upgrade verdict = switch (reader.read(in)) {
            case MORE -> null;
            case COMPLETE -> Upgrade.of(reader.text(), settings, naming);
            case NO_HTTP -> Upgrade.malformed("expected an HTTP request");
            case TOO_LONG -> Upgrade.tooLong();
        };
        if (verdict == null) {
            in.release();
            return;
        }
        reader.drop();
        request = null;
        if (verdict.fault() != null) {
            in.release();
            refuse(ctx, verdict);
        } else if (begins(verdict.client())) {
            state = State.OPEN;
            subprotocol = verdict.subprotocol();
            ctx.writeAndFlush(Unpooled.wrappedBuffer(verdict.answer()), ctx.voidPromise());
            if (in.isReadable()) {
                readMessages(ctx, in);
            } else {
                in.release();
            }
        } else {
            in.release();
        }
    }

    private void refuse(ChannelHandlerContext ctx, Upgrade verdict) {
        state = State.CLOSED;
        fault = verdict.fault();
        ctx.writeAndFlush(Unpooled.wrappedBuffer(verdict.answer()), ctx.voidPromise());
        ctx.fireChannelRead(ctx.alloc().directBuffer(Integer.BYTES).writeIntLE(FAULT_LENGTH));
    }

    /** Begins the handshake of a client that a proxy has named. Returns false if the client is not let in. */
    private boolean begins(@Nullable InetAddress client) {
        Naming asked = naming;
        naming = null;
        boolean begins = asked == null || client == null || asked.named(client);
        if (!begins) {
            state = State.CLOSED;
        }
        return begins && channel.isActive();
    }

    private void readMessages(ChannelHandlerContext ctx, ByteBuf in) {
        ByteBuf frames = decoder.decode(in);
        MessageFault broken = decoder.fault();
        if (broken != null && fault == null) {
            fault = broken.fault();
            status = broken.status();
        }
        unseenBytes = decoder.unseenBytes();
        int frameBytes = frames.readableBytes();
        if (frames.isReadable()) {
            ctx.fireChannelRead(frames);
        } else {
            frames.release();
        }
        if (unseenBytes > 0) {
            // What TLS has told of before is taken off the frames, and off the rest only where they are shorter.
            int countedBefore = Math.max(0, below.layer(channel).countedBytes() - frameBytes);
            ctx.fireUserEventTriggered(new LayerInput(Math.max(0, unseenBytes - countedBefore)));
        }
        sendPong(ctx);
        if (closedByClient != NO_STATUS) {
            answerClose(ctx);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        state = State.CLOSED;
        decoder.end();
        if (request != null) {
            request.drop();
        }
        dropPong();
        ctx.fireChannelInactive();
    }

    // ---- control frames

    @Override
    public void ping(ByteBuf buf, int index, int length) {
        dropPong();
        pong = channel.alloc()
                .directBuffer(2 + length)
                .writeByte(FrameHead.FIN | FrameHead.PONG)
                .writeByte(length)
                .writeBytes(buf, index, length);
    }

    /** Sends the newest Pong. While the socket is full it waits, and a newer one takes its place. */
    private void sendPong(ChannelHandlerContext ctx) {
        ByteBuf newest = pong;
        if (newest == null || pongWaits) {
            return;
        } else if (state != State.OPEN) {
            dropPong();
        } else if (hasNothingToWrite()) {
            pong = null;
            ctx.writeAndFlush(newest, ctx.voidPromise());
        } else {
            pongWaits = true;
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(taken -> {
                pongWaits = false;
                if (taken.isSuccess()) {
                    sendPong(ctx);
                }
            });
        }
    }

    private void dropPong() {
        if (pong != null) {
            pong.release();
            pong = null;
        }
    }

    @Override
    public void close(int status) {
        closedByClient = status;
    }

    /** Answers the client's Close frame, and closes, as RFC 6455 leaves to the server. */
    private void answerClose(ChannelHandlerContext ctx) {
        int code = closedByClient;
        closedByClient = NO_STATUS;
        if (state == State.OPEN) {
            state = State.CLOSED;
            if (hasNothingToWrite()) { // else the answer would stand in the middle of a frame, or behind a gap
                ctx.writeAndFlush(CloseFrame.frame(ctx.alloc(), code, NO_TEXT), ctx.voidPromise());
            }
            ctx.close();
        }
    }

    private boolean hasNothingToWrite() {
        ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
        return outbound != null && outbound.isEmpty();
    }

    // ---- output

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        ByteBuf frames = (ByteBuf) msg;
        if (!frames.isReadable()) {
            ctx.write(frames, promise);
        } else if (state != State.OPEN) {
            frames.release();
            if (!promise.isVoid()) { // else the pipeline would be told of an exception
                promise.tryFailure(new ClosedChannelException());
            }
        } else {
            int begun = begunBytes;
            begunBytes = 0;
            MessageWrites.write(ctx, frames, begun, promise);
        }
    }

    /** A plain close says farewell first, if the socket takes it. */
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        farewell();
        ctx.close(promise);
    }

    /** Writes the Close frame. Returns null if there is nothing to close, or no way to say it. */
    @Nullable
    ChannelFuture farewell() {
        ChannelHandlerContext ctx = channel.pipeline().context(this);
        if (state != State.OPEN || ctx == null || !channel.isActive() || !hasNothingToWrite()) {
            state = State.CLOSED;
            return null;
        }
        state = State.CLOSED;
        int code = status == NO_STATUS ? CloseStatus.INTERNAL_ERROR : status;
        return ctx.writeAndFlush(CloseFrame.frame(ctx.alloc(), code, text));
    }

    // ---- what the link asks and says

    @Override
    public int agreedVersion() {
        String chosen = subprotocol;
        return chosen == null ? 0 : Integer.parseInt(chosen.substring(WebSocketSettings.SUBPROTOCOL_PREFIX.length()));
    }

    @Override
    public void limitMessages(int maxFrameBytes) {
        fragments.limit(maxFrameBytes);
    }

    @Override
    public void awaitName(Naming asks) {
        assert request != null : "the request has been read";
        naming = asks;
    }

    @Override
    public boolean tellBusy(long retryAfterMillis) {
        if (state != State.REQUEST) {
            return false;
        }
        state = State.CLOSED;
        ChannelHandlerContext ctx = channel.pipeline().context(this);
        ctx.write(Unpooled.wrappedBuffer(Response.busy(retryAfterMillis)), ctx.voidPromise());
        return true;
    }

    @Override
    public void endsWith(CloseCode why, byte[] reason) {
        if (status == NO_STATUS) {
            status = CloseStatus.of(why);
            text = reason.length == 0 ? words(why) : reason;
        }
        decoder.end();
    }

    private static byte[] words(CloseCode why) {
        return why.name().toLowerCase(Locale.ROOT).replace('_', ' ').getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public boolean hasFarewell() {
        return state == State.OPEN;
    }

    @Override
    public int countedBytes() {
        return Math.max(0, -unseenBytes) + below.layer(channel).countedBytes();
    }

    /** The socket has taken so many bytes of the message that is written next, past the pipeline. */
    void begun(int bytes) {
        begunBytes = bytes;
    }

    /** True while messages may go to the socket past the pipeline: it is open, and nothing waits before them. */
    boolean isClear() {
        return state == State.OPEN && begunBytes == 0 && hasNothingToWrite();
    }

    @Override
    public @Nullable Fault fault() {
        return fault == null ? below.layer(channel).fault() : fault;
    }

    @Override
    public long heldBytes() {
        HeadReader reader = request;
        return below.layer(channel).heldBytes() + fragments.heldBytes() + (reader == null ? 0 : reader.heldBytes());
    }
}
