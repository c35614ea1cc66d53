package net.voltlane.admin.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
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
 *                                                              └──────────a stream──► STREAMING
 *   WRITING ──taken, and no more is to be served──► ENDING ──the peer closes, or a second──► closed
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
        ENDING
    }

    private final HttpContext context;
    private final RequestReader reader;
    private @Nullable ChannelHandlerContext ctx;
    private State state = State.WAITING;
    private long sinceNanos;
    private boolean served;
    private boolean keepAlive;
    private boolean isHead;

    HttpConnection(HttpContext context) {
        this.context = context;
        reader = new RequestReader(context.limits().bodyBytes());
        sinceNanos = context.nanoClock().getAsLong();
    }

    /** True while no complete request is being served, so that closing costs the peer least. */
    boolean isWaiting() {
        return state == State.WAITING || state == State.READING;
    }

    /** True while a part of a request has come. */
    boolean isReading() {
        return state == State.READING;
    }

    long waitingSince() {
        return sinceNanos;
    }

    void close() {
        if (ctx != null) {
            ctx.close();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        ctx = added;
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        if (!context.connections().admit(this)) {
            active.close();
            return;
        }
        active.read();
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) {
        reader.release();
        context.connections().remove(this);
        inactive.fireChannelInactive();
    }

    private void enter(State next) {
        state = next;
        sinceNanos = context.nanoClock().getAsLong();
    }

    /** True once the last answer has been sent: whatever comes is dropped. */
    boolean isEnding() {
        return state == State.ENDING;
    }

    /** The first bytes of a request, or more of them, have come. */
    void bytesCame() {
        if (state == State.WAITING) {
            enter(State.READING);
        }
    }

    /** Closes the connection if its peer, or an endpoint, has exceeded its time. */
    void sweep(long nowNanos) {
        long millis = TimeUnit.NANOSECONDS.toMillis(nowNanos - sinceNanos);
        HttpLimits limits = context.limits();
        switch (state) {
            case WAITING -> {
                if (millis > (served ? limits.idleMillis() : limits.requestMillis())) {
                    close();
                }
            }
            case READING -> {
                if (millis > limits.requestMillis()) {
                    expired();
                }
            }
            case ANSWERING, WRITING -> {
                if (millis > limits.answerMillis()) {
                    expired();
                }
            }
            case STREAMING, ENDING -> {
                // the bytes of a stream are bounded, and an end has a timer of its own
            }
        }
    }

    private void expired() {
        context.figures().timedOut.increment();
        close();
    }

    @Override
    public void channelRead(ChannelHandlerContext read, Object message) {
        if (isEnding() || !(message instanceof HttpObject part)) {
            ReferenceCountUtil.release(message);
            return;
        }
        reader.add(part);
        serveNext(read);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext read) {
        if (isWaiting()) {
            read.read();
        }
    }

    /** Serves a request that is complete, unless another one is still being served. */
    private void serveNext(ChannelHandlerContext to) {
        if (!isWaiting()) {
            return;
        }
        RequestReader.Step step = reader.next();
        switch (step) {
            case MORE -> {
                // the rest has not come
            }
            case CONTINUE -> {
                to.writeAndFlush(new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
                serveNext(to);
            }
            case COMPLETE -> serve(to, reader.take());
        }
    }

    private void serve(ChannelHandlerContext to, RequestReader.Received received) {
        enter(State.ANSWERING);
        HttpRequest head = received.head();
        isHead = head.method().equals(HttpMethod.HEAD);
        Problem problem = received.problem();
        // A peer whose request could not be read may have meant something else by the bytes that follow.
        keepAlive = problem == null && HttpUtil.isKeepAlive(head);
        CompletionStage<Response> answer;
        try {
            if (problem != null) {
                throw new ProblemException(problem);
            }
            answer = dispatch(to, head, received.body());
        } catch (ProblemException e) {
            answer(to, e.problem().response());
            return;
        } catch (RuntimeException e) {
            answer(to, failed(e));
            return;
        }
        answer.whenComplete((response, failure) -> {
            Response known = response != null ? response : failed(failure);
            if (to.executor().inEventLoop()) {
                answer(to, known);
            } else {
                to.executor().execute(() -> answer(to, known));
            }
        });
    }

    private CompletionStage<Response> dispatch(ChannelHandlerContext to, HttpRequest head, byte[] body) {
        HttpHeaders headers = head.headers();
        try {
            context.policy().checkNames(head.protocolVersion().equals(HttpVersion.HTTP_1_1), headers);
        } catch (ProblemException e) {
            keepAlive = false;
            throw e;
        }
        RequestLine line = RequestLine.of(head.uri());
        Router.Match match = context.router().find(head.method().name(), line.segments());
        boolean trusted = context.policy().checkAccess(match.route().access(), peer(to), headers);
        return match.route()
                .endpoint()
                .handle(new Request(
                        head.method().name(),
                        line.path(),
                        match.pathParameters(),
                        line.query(),
                        lowerCase(headers),
                        body,
                        trusted));
    }

    private static @Nullable InetAddress peer(ChannelHandlerContext read) {
        return read.channel().remoteAddress() instanceof InetSocketAddress address ? address.getAddress() : null;
    }

    private static Map<String, String> lowerCase(HttpHeaders headers) {
        Map<String, String> all = new HashMap<>();
        for (Map.Entry<String, String> header : headers) {
            all.putIfAbsent(header.getKey().toLowerCase(Locale.ROOT), header.getValue());
        }
        return all;
    }

    private static Response failed(@Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof ProblemException e) {
            return e.problem().response();
        }
        log.error("A request to the admin server failed", cause);
        return Problem.of(500, "internal error: see the server's log").response();
    }

    private void answer(ChannelHandlerContext to, Response response) {
        if (state != State.ANSWERING || !to.channel().isActive()) {
            return; // closed for its lateness
        }
        if (response.stream() != null && !isHead) {
            stream(to, response);
            return;
        }
        enter(State.WRITING);
        count(response.status());
        var head = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(response.status()),
                isHead ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(response.body()));
        setHeaders(head, response);
        HttpUtil.setContentLength(head, response.body().length);
        HttpUtil.setKeepAlive(head, keepAlive);
        to.writeAndFlush(head).addListener((ChannelFutureListener) written -> {
            if (!written.isSuccess()) {
                close();
            } else if (!keepAlive) {
                enter(State.ENDING);
                context.lingering().close(to.channel());
            } else {
                served = true;
                enter(State.WAITING);
                serveNext(to);
                if (isWaiting()) {
                    to.read();
                }
            }
        });
    }

    private void stream(ChannelHandlerContext to, Response response) {
        if (!context.connections().admitStream()) {
            answer(to, Problem.of(503, "too many open streams").response());
            return;
        }
        enter(State.STREAMING);
        count(response.status());
        HttpResponse head =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()));
        setHeaders(head, response);
        HttpUtil.setTransferEncodingChunked(head, true);
        head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        OpenStream stream = new OpenStream(to, context);
        to.channel().closeFuture().addListener(closed -> {
            context.connections().streamClosed();
            stream.closed();
        });
        to.writeAndFlush(head);
        to.read(); // else the peer's close would not be seen
        if (response.stream() != null) {
            response.stream().accept(stream);
        }
    }

    private void count(int status) {
        (status < 400 ? context.figures().answered : context.figures().refused).increment();
    }

    private static void setHeaders(HttpResponse head, Response response) {
        HttpHeaders headers = head.headers();
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("X-Frame-Options", "DENY");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        headers.set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        if (response.contentType() != null) {
            headers.set(HttpHeaderNames.CONTENT_TYPE, response.contentType());
        }
        response.headers().forEach(headers::set);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext caught, Throwable cause) {
        log.debug("An admin connection ends: {}", cause.toString());
        caught.close();
    }
}
