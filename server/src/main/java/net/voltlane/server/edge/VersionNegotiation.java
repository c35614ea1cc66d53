package net.voltlane.server.edge;

import java.nio.ByteBuffer;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.HandshakePacket;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.server.metrics.Metric;

/**
 * The first frame of a connection, which names the protocol version and is the same in all versions. The handshake goes
 * on in that version; a version begins with its own answer, or with none.
 */
final class VersionNegotiation extends ClientHandshake {
    VersionNegotiation(HandshakeHandler connection) {
        super(connection);
    }

    @Override
    int maxFrameBytes() {
        return Limits.MAX_HANDSHAKE_FRAME_BYTES;
    }

    @Override
    boolean isAwaitingFrame() {
        return true;
    }

    @Override
    void frame(ByteBuffer payload) throws MalformedPacketException {
        HandshakePacket packet = HandshakeCodec.decode(payload);
        if (!(packet instanceof ProtocolVersion named)) {
            connection.reject(Metric.REJECTED_UNEXPECTED);
        } else if (named.version() == Limits.PROTOCOL_VERSION) {
            connection.goOnWith(Version2Handshake.begin(connection));
        } else {
            connection.reject(Metric.REJECTED_VERSION);
        }
    }

    @Override
    void end() {
        // Nothing is under way.
    }
}
