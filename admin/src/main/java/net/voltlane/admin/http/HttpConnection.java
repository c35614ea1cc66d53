package net.voltlane.admin.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of a peer. One request is served at a time: the next one is read when the peer's socket has taken the
 * answer. Belongs to the HTTP server's thread.
 *
 * <pre>
 *   WAITING ──first byte──► READING ──request complete──► ANSWERING ──endpoint done──► WRITING ──taken──► WAITING
 *                              │                              └──────────a stream──► STREAMING     │
 *                              └──refused──► WRITING                                               └─last─► CLOSING
 *   each ──too late, or the peer closes──► closed
 * </pre>
 */
final class HttpConnection extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(HttpConnection.class);

    private enum State {
        WAITING,
        READING,
        ANSWERING,
        WRITING,
        STREAMING,
        /** Drops what the peer still sends. Closing at once would reset the connection, and the answer with it. */
        CLOSING
    }

    private final HttpContext context;
    private final RequestDecoder decoder;
    private @Nullable ChannelHandlerContext ctx;
    private State state = State.WAITING;
    private long sinceNanos;

    /** The request that is read or answered. */
    private Exchange exchange = Exchange.NONE;

    private boolean hasServed;
    private boolean keepAlive;

    HttpConnection(HttpContext context) {
        this.context = context;
        decoder = new RequestDecoder(this, context.limits());
        sinceNanos = context.nanoClock().getAsLong();
    }

    RequestDecoder decoder() {
        return decoder;
    }

    // ---- its place among the others

    /**
     * True if the connection may be closed to make room for another: it waits for its peer. Streams have a bound of their
     * own.
     */
    boolean mayGiveWay() {
        return state != State.STREAMING && state != State.ANSWERING;
    }

    /** True while a part of a request has come. */
    boolean isReading() {
        return state == State.READING;
    }

    /** True while the peer has not taken the whole answer. */
    boolean isWriting() {
        return state == State.WRITING;
    }

    /** The time of its last progress. */
    long sinceNanos() {
        return sinceNanos;
    }

    void close() {
        if (ctx != null) {
            ctx.close();
        }
    }

    private void enter(State next) {
        state = next;
        sinceNanos = context.nanoClock().getAsLong();
    }

    /** Closes the connection, or answers, if its peer or an endpoint has exceeded its time. */
    void sweep(long nowNanos) {
        long millis = TimeUnit.NANOSECONDS.toMillis(nowNanos - sinceNanos);
        HttpLimits limits = context.limits();
        switch (state) {
            case WAITING -> closeAfter(millis, hasServed ? limits.idleMillis() : limits.requestMillis());
            case CLOSING -> closeAfter(millis, limits.lingerMillis());
            case READING -> expireAfter(millis, limits.requestMillis());
            case WRITING -> expireAfter(millis, limits.answerMillis());
            case ANSWERING -> {
                if (millis > limits.answerMillis()) {
                    context.figures().timedOut.increment();
                    String time = limits.answerMillis() / 1000 + " s";
                    refuse(Problem.of(503, "the server did not answer within " + time));
                }
            }
            case STREAMING -> {
                // its bytes are bounded, and whoever feeds it sends something now and then
            }
        }
    }

    private void closeAfter(long millis, int limit) {
        if (millis > limit) {
            close();
        }
    }

    private void expireAfter(long millis, int limit) {
        if (millis > limit) {
            context.figures().timedOut.increment();
            close();
        }
    }

    // ---- reading

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        ctx = added;
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        if (context.connections().admit(this)) {
            active.read();
        } else {
            active.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) {
        context.connections().remove(this);
        inactive.fireChannelInactive();
    }

    /**
     * Bytes have come, or are there from before.
     *
     * @return false if they have to be dropped
     */
    boolean bytesCame() {
        switch (state) {
            case WAITING -> enter(State.READING);
            case STREAMING -> close(); // whoever reads a stream has nothing to say
            default -> {
                // more of the same
            }
        }
        return state != State.STREAMING && state != State.CLOSING;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext complete) {
        if (state != State.ANSWERING && state != State.WRITING) {
            complete.read(); // where nothing is expected, too: else the peer's close would not be seen
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext read, Object message) {
        try {
            if (state != State.READING) {
                return; // the rest of a request that was refused
            } else if (message instanceof ProblemException malformed) {
                exchange = Exchange.NONE;
                throw malformed;
            } else if (message instanceof HttpRequest head) {
                begin(read, head);
            }
            if (message instanceof HttpContent content) {
                exchange.add(content);
                if (content instanceof LastHttpContent) {
                    serve(read);
                }
            }
        } catch (ProblemException e) {
            refuse(e.problem());
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(ChannelHandlerContext read, HttpRequest head) {
        exchange = Exchange.of(head);
        keepAlive = exchange.keepAlive;
        InetAddress peer = read.channel().remoteAddress() instanceof InetSocketAddress from ? from.getAddress() : null;
        if (exchange.begin(context.dispatcher(), head, peer)) {
            read.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        }
    }

    // ---- answering

    /** Answers a request that is not read to its end, or not served in time: the bytes behind it may mean anything. */
    private void refuse(Problem problem) {
        keepAlive = false;
        decoder.end();
        enter(State.ANSWERING);
        answer(exchange, problem.response());
    }

    private void serve(ChannelHandlerContext to) {
        enter(State.ANSWERING);
        Exchange served = exchange;
        served.run().thenAccept(response -> {
            if (to.executor().inEventLoop()) {
                answer(served, response);
            } else {
                to.executor().execute(() -> answer(served, response));
            }
        });
    }

    private void answer(Exchange to, Response response) {
        ChannelHandlerContext here = ctx;
        if (state != State.ANSWERING
                || to != exchange
                || here == null
                || !here.channel().isActive()) {
            return; // too late: the peer has been given another answer, or is gone
        }
        if (response.stream() != null && !exchange.isHead) {
            stream(here, response);
            return;
        }
        enter(State.WRITING);
        count(response.status());
        int bytes = exchange.isHead ? 0 : response.body().length;
        context.connections().writing(this, bytes);
        here.writeAndFlush(Heads.complete(response, exchange.isHead, keepAlive))
                .addListener((ChannelFutureListener) written -> {
                    context.connections().written(bytes);
                    taken(here, written);
                });
    }

    private void count(int status) {
        (status < 400 ? context.figures().answered : context.figures().refused).increment();
    }

    private void taken(ChannelHandlerContext to, ChannelFuture written) {
        if (!written.isSuccess()) {
            close();
        } else if (keepAlive) {
            hasServed = true;
            enter(State.WAITING);
            to.executor().execute(() -> next(to));
        } else {
            linger(to.channel());
        }
    }

    private void next(ChannelHandlerContext to) {
        try {
            decoder.next(to.pipeline().context(decoder));
        } catch (Exception e) {
            exceptionCaught(to, e);
            return;
        }
        channelReadComplete(to);
    }

    private void linger(Channel channel) {
        enter(State.CLOSING);
        decoder.end();
        if (channel instanceof DuplexChannel socket) {
            socket.shutdownOutput();
            channel.read();
        } else {
            channel.close();
        }
    }

    private void stream(ChannelHandlerContext to, Response response) {
        if (!context.connections().admitStream()) {
            answer(
                    exchange,
                    Problem.of(
                                    503,
                                    "too many open streams (at most "
                                            + context.limits().streams() + ")")
                            .withHeader("Retry-After", "10")
                            .response());
            return;
        }
        enter(State.STREAMING);
        decoder.end();
        count(response.status());
        OpenStream stream = new OpenStream(to, context);
        to.channel().closeFuture().addListener(closed -> {
            context.connections().streamClosed();
            stream.closed();
        });
        to.writeAndFlush(Heads.stream(response, exchange.isChunkable));
        to.read(); // else the peer's close would not be seen
        if (response.stream() != null) {
            response.stream().accept(stream);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext caught, Throwable cause) {
        log.debug("An admin connection ends: {}", cause.toString());
        caught.close();
    }
}
