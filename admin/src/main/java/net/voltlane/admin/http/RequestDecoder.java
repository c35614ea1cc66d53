package net.voltlane.admin.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Decodes one request at a time: behind a request it stops until {@link #next}, so that requests that a peer sends ahead
 * wait as bytes. A head is looked at only once it is complete, and has to pass {@link HeadCheck}. A head that does not
 * is passed on as a {@link ProblemException}, and nothing after it is decoded. Belongs to the HTTP server's thread.
 */
final class RequestDecoder extends HttpRequestDecoder {
    private enum Part {
        HEAD,
        BODY,
        /** Nothing is decoded until the answer has been taken. */
        ANSWER,
        /** Nothing more is decoded. */
        END
    }

    private final HttpConnection connection;
    private final HeadScanner scanner;
    private final int maxBodyBytes;
    private Part part = Part.HEAD;

    RequestDecoder(HttpConnection connection, HttpLimits limits) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.headBytes())
                .setMaxHeaderSize(limits.headBytes())
                .setMaxChunkSize(limits.bodyBytes())
                .setAllowDuplicateContentLengths(false)
                .setStrictLineParsing(true));
        this.connection = connection;
        scanner = new HeadScanner(limits.headBytes());
        maxBodyBytes = limits.bodyBytes();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        if (connection.bytesCame()) {
            super.channelRead(ctx, message);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (part == Part.END) {
            in.skipBytes(in.readableBytes());
        } else if (part == Part.BODY || part == Part.HEAD && isWholeHead(in, out)) {
            super.decode(ctx, in, out);
            if (!out.isEmpty() && out.get(out.size() - 1) instanceof LastHttpContent) {
                part = Part.ANSWER;
            }
        }
    }

    private boolean isWholeHead(ByteBuf in, List<Object> out) {
        try {
            int length = scanner.scan(in);
            if (length == 0) {
                return false;
            }
            HeadCheck.check(in.toString(in.readerIndex(), length, StandardCharsets.ISO_8859_1), maxBodyBytes);
            part = Part.BODY;
            return true;
        } catch (ProblemException refused) {
            part = Part.END;
            in.skipBytes(in.readableBytes());
            out.add(refused);
            return false;
        }
    }

    /** The peer has closed: a request that is not complete is nothing. */
    @Override
    protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        // nothing to pass on
    }

    /** Goes on with the next request, whose bytes may be there already. */
    void next(ChannelHandlerContext ctx) throws Exception {
        part = Part.HEAD;
        if (actualReadableBytes() > 0) {
            channelRead(ctx, Unpooled.EMPTY_BUFFER);
        }
    }

    /** Decodes nothing more, whatever comes. */
    void end() {
        part = Part.END;
    }
}
