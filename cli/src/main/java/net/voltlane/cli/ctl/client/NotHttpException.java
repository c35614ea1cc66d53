package net.voltlane.cli.ctl.client;

import java.io.IOException;

/** Bytes that are no answer over HTTP. */
final class NotHttpException extends IOException {
    private static final long serialVersionUID = 1L;

    NotHttpException(String message) {
        super(message);
    }
}
