package net.voltlane.admin.http;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Puts requests together from the parts that the decoder makes, one at a time. Parts of later requests wait in a queue,
 * which holds no more than one read of the socket. Belongs to the HTTP server's thread.
 */
final class RequestReader {
    /** The result of looking at the parts that have come. */
    enum Step {
        /** The request is not complete. */
        MORE,
        /** The peer waits for 100 Continue before it sends the body. */
        CONTINUE,
        /** The request is complete, or known to be wrong. */
        COMPLETE
    }

    /** @param problem the fault of the request; null: it can be served */
    record Received(HttpRequest head, byte[] body, @Nullable Problem problem) {}

    private final int maxBodyBytes;
    private final Deque<HttpObject> parts = new ArrayDeque<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
    private @Nullable HttpRequest head;
    private @Nullable Problem problem;

    RequestReader(int maxBodyBytes) {
        this.maxBodyBytes = maxBodyBytes;
    }

    /** Takes over a part. */
    void add(HttpObject part) {
        parts.add(part);
    }

    /** Goes on with the request, up to its end. */
    Step next() {
        HttpObject part;
        while ((part = parts.poll()) != null) {
            try {
                if (part instanceof HttpRequest request) {
                    head = request;
                    problem = fault(request);
                    if (problem != null) {
                        return Step.COMPLETE;
                    }
                    if (HttpUtil.is100ContinueExpected(request)) {
                        return Step.CONTINUE;
                    }
                }
                if (part instanceof HttpContent content && head != null) {
                    problem = append(content);
                    if (problem != null || part instanceof LastHttpContent) {
                        return Step.COMPLETE;
                    }
                }
            } finally {
                ReferenceCountUtil.release(part);
            }
        }
        return Step.MORE;
    }

    private @Nullable Problem fault(HttpRequest request) {
        if (!request.decoderResult().isSuccess()) {
            return RequestFaults.problem(request.decoderResult().cause());
        }
        try {
            RequestFaults.check(request);
        } catch (ProblemException e) {
            return e.problem();
        }
        return HttpUtil.getContentLength(request, 0L) > maxBodyBytes ? tooLarge() : null;
    }

    private @Nullable Problem append(HttpContent content) {
        if (!content.decoderResult().isSuccess()) {
            return RequestFaults.problem(content.decoderResult().cause());
        }
        int bytes = content.content().readableBytes();
        if (body.size() + bytes > maxBodyBytes) {
            return tooLarge();
        }
        byte[] part = new byte[bytes];
        content.content().readBytes(part);
        body.writeBytes(part);
        return null;
    }

    private Problem tooLarge() {
        return Problem.of(413, "body (expected: at most " + maxBodyBytes + " bytes)");
    }

    /** The request that is complete. The next one begins. */
    Received take() {
        HttpRequest taken = head;
        if (taken == null) {
            throw new IllegalStateException("no request is complete");
        }
        Received received = new Received(taken, body.toByteArray(), problem);
        head = null;
        problem = null;
        body.reset();
        return received;
    }

    /** Gives back what is left. */
    void release() {
        parts.forEach(ReferenceCountUtil::release);
        parts.clear();
    }
}
