package net.voltlane.server.websocket;

import net.voltlane.server.link.Layer;
import net.voltlane.server.metrics.Metric;

/** The breaches of RFC 6455 by a client's frames, each with the code of the Close frame that answers it. */
enum MessageFault {
    TEXT(CloseStatus.UNSUPPORTED, "a text message"),
    UNMASKED(CloseStatus.PROTOCOL_ERROR, "a WebSocket frame without a mask"),
    RESERVED(CloseStatus.PROTOCOL_ERROR, "a WebSocket frame with a reserved bit or an unknown type"),
    CONTINUATION(CloseStatus.PROTOCOL_ERROR, "a WebSocket frame out of the order of fragments"),
    CONTROL(CloseStatus.PROTOCOL_ERROR, "a WebSocket control frame that is too long or in fragments"),
    LENGTH(CloseStatus.PROTOCOL_ERROR, "a WebSocket frame whose length is not in its shortest form"),
    CLOSE(CloseStatus.PROTOCOL_ERROR, "a malformed WebSocket Close frame"),
    CLOSE_TEXT(CloseStatus.INVALID_TEXT, "a WebSocket Close frame whose text is no UTF-8"),
    TOO_LARGE(CloseStatus.TOO_LARGE, "a message over the limit");

    private final int status;
    private final Layer.Fault fault;

    MessageFault(int status, String what) {
        this.status = status;
        Metric metric =
                status == CloseStatus.TOO_LARGE ? Metric.REJECTED_FRAME_TOO_LARGE : Metric.REJECTED_WEBSOCKET_FRAME;
        fault = new Layer.Fault(metric, "its client sent " + what, false);
    }

    /** The code of the Close frame. */
    int status() {
        return status;
    }

    Layer.Fault fault() {
        return fault;
    }
}
