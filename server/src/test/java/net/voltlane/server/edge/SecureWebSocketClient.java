package net.voltlane.server.edge;

import net.voltlane.server.link.WireForm;
import net.voltlane.server.tls.TlsPeer;

/** The other side of a connection by WebSocket inside TLS, which has to shake hands first. */
final class SecureWebSocketClient implements WireForm {
    final TlsPeer tls;
    final WebSocketClient web = new WebSocketClient();

    SecureWebSocketClient(TlsPeer tls) {
        this.tls = tls;
    }

    @Override
    public byte[] seals(byte[] frames) {
        return tls.seals(web.seals(frames));
    }

    @Override
    public byte[] opens(byte[] came) {
        return web.opens(tls.opens(came));
    }
}
