package net.voltlane.client;

import java.io.IOException;
import java.io.Serial;
import net.voltlane.protocol.link3.Close;

/** Thrown by the reader of a link at the server's last frame: of version 3, or of a WebSocket. */
final class CloseReceived extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient Close close;

    CloseReceived(Close close) {
        super(CloseCodes.exception(close).getMessage());
        this.close = close;
    }

    Close close() {
        return close;
    }
}
