package net.voltlane.admin.http;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import net.voltlane.server.log.LogEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request, from its head to its answer. Belongs to the HTTP server's thread. */
final class Exchange {
    private static final Logger log = LoggerFactory.getLogger(Exchange.class);

    /** The exchange of a connection that has none, and of a request that could not be read. */
    static final Exchange NONE = new Exchange(false, false, false, false);

    /** True if the answer has no body. */
    final boolean isHead;
    /** True if the body of an answer may be sent in chunks. */
    final boolean isChunkable;

    final boolean keepAlive;

    private final boolean waits;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
    private Dispatcher.@Nullable Call call;
    /** The answer that waits for the end of the body. */
    private @Nullable Problem refusal;

    private Exchange(boolean isHead, boolean isChunkable, boolean keepAlive, boolean waits) {
        this.isHead = isHead;
        this.isChunkable = isChunkable;
        this.keepAlive = keepAlive;
        this.waits = waits;
    }

    /** The exchange of a request whose head has come. */
    static Exchange of(HttpRequest head) {
        boolean isCurrent = head.protocolVersion().equals(HttpVersion.HTTP_1_1);
        return new Exchange(
                head.method().equals(HttpMethod.HEAD),
                isCurrent,
                HttpUtil.isKeepAlive(head),
                isCurrent && head.headers().contains(HttpHeaderNames.EXPECT));
    }

    /**
     * Finds the endpoint. Where there is none, or it may not be called, the body is read before that is told, unless the
     * peer waits with it.
     *
     * @return true if the peer waits to be told that it may send the body
     * @throws ProblemException for a request that is not read to its end
     */
    boolean begin(Dispatcher dispatcher, HttpRequest head, @Nullable InetAddress peer) {
        if (head.decoderResult().isFailure()) {
            throw new ProblemException(Problem.of(400, "the request can't be read"));
        }
        dispatcher.checkNames(head);
        RequestLine line = RequestLine.of(head.uri());
        if (waits
                && !HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(
                        head.headers().get(HttpHeaderNames.EXPECT))) {
            throw new ProblemException(Problem.of(417, "Expect (expected: 100-continue)"));
        }
        try {
            call = dispatcher.call(head, line, peer);
        } catch (ProblemException e) {
            if (waits) {
                throw e;
            }
            refusal = e.problem();
        }
        return waits;
    }

    /**
     * Takes a part of the body.
     *
     * @throws ProblemException for one that can't be read
     */
    void add(HttpContent content) {
        if (content.decoderResult().isFailure()) {
            throw new ProblemException(Problem.of(400, "the body can't be read"));
        }
        int length = content.content().readableBytes();
        if (call != null && length > 0) {
            byte[] part = new byte[length];
            content.content().getBytes(content.content().readerIndex(), part);
            body.writeBytes(part);
        }
    }

    /** Calls the endpoint, now that the body is complete. */
    CompletionStage<Response> run() {
        Dispatcher.Call served = call;
        if (served == null) {
            assert refusal != null : "neither served nor refused";
            return refusal.response().now();
        }
        try {
            return served.run(body.toByteArray())
                    .handle((response, failure) -> response != null ? response : failed(failure));
        } catch (RuntimeException e) {
            return failed(e).now();
        }
    }

    private static Response failed(@Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof ProblemException e) {
            return e.problem().response();
        }
        LogEvent.INTERNAL_ERROR.on(log).setCause(cause).log("A request to the admin server failed");
        return Problem.of(500, "internal error: see the server's log").response();
    }
}
