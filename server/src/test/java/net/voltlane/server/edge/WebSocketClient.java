package net.voltlane.server.edge;

import java.util.ArrayList;
import java.util.List;
import net.voltlane.protocol.Frame;
import net.voltlane.server.link.Bufs;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.link.WireForm;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.websocket.ClientFrames;
import net.voltlane.testkit.websocket.ServerBytes;

/** The other side of a WebSocket connection on an {@link EdgeHarness}: messages for frames, and frames for messages. */
final class WebSocketClient implements WireForm {
    final ServerBytes came = new ServerBytes();
    private boolean hasAsked;

    @Override
    public byte[] seals(byte[] frames) {
        List<byte[]> bytes = new ArrayList<>();
        if (!hasAsked) {
            hasAsked = true;
            bytes.add(ClientFrames.upgrade());
        }
        for (byte[] payload : Bufs.payloads(frames)) {
            bytes.add(ClientFrames.message(payload));
        }
        return Bytes.concat(bytes.toArray(byte[][]::new));
    }

    @Override
    public byte[] opens(byte[] bytes) {
        return Bytes.concat(came.add(bytes).messages().stream().map(Frame::of).toArray(byte[][]::new));
    }

    /** Sends an upgrade of the test's own; what is sealed later are messages alone. */
    void asks(FakeChannel channel, byte[] request) {
        hasAsked = true;
        channel.receives(request);
    }
}
