package net.voltlane.client;

import java.io.IOException;
import java.io.Serial;
import net.voltlane.protocol.link3.Close;

/** Thrown by the reader of a link of version 3 at the server's last frame. */
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
