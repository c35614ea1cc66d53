package net.voltlane.admin.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;

/** Answers as they are sent: with the headers that every answer has, against scripts from elsewhere above all. */
final class Heads {
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private Heads() {}

    /**
     * A complete answer.
     *
     * @param isHead true if the request was for the head alone
     */
    static FullHttpResponse complete(Response response, boolean isHead, boolean keepAlive) {
        var head = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(response.status()),
                isHead ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(response.body()));
        setHeaders(head, response);
        if (response.status() != NO_CONTENT && response.status() != NOT_MODIFIED) {
            HttpUtil.setContentLength(head, response.body().length);
        }
        head.headers()
                .set(HttpHeaderNames.CONNECTION, keepAlive ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE);
        return head;
    }

    /**
     * The head of an answer whose body goes on.
     *
     * @param chunked false for a peer that speaks HTTP/1.0, to which the end of the connection is the end of the body
     */
    static HttpResponse stream(Response response, boolean chunked) {
        HttpResponse head =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()));
        setHeaders(head, response);
        HttpUtil.setTransferEncodingChunked(head, chunked);
        head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        return head;
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
}
