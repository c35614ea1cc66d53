package net.voltlane.server.edge;

import java.nio.ByteBuffer;
import net.voltlane.protocol.CloseCode;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.HandshakePacket;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.link3.Close;
import net.voltlane.protocol.link3.LinkCodec;
import net.voltlane.server.metrics.Metric;
import org.jspecify.annotations.Nullable;

/**
 * The first frame of a connection, which names the protocol version and is the same in all versions. The handshake goes
 * on in that version; a version begins with its own answer, or with none.
 */
final class VersionNegotiation extends ClientHandshake {
    /** The client has named a version that is not served, and since version 3 there is a frame that says so. */
    private boolean isToldWhy;

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
            return;
        }
        ServedVersions served = connection.context.links().settings().get().versions();
        int version = named.version();
        int agreed = connection.layer().agreedVersion();
        if (agreed != 0 && agreed != version) {
            connection.reject(Metric.REJECTED_SUBPROTOCOL);
        } else if (version == Limits.PROTOCOL_VERSION && served.version2()) {
            connection.goOnWith(Version2Handshake.begin(connection));
        } else if (version == Limits.PROTOCOL_VERSION_3 && served.version3()) {
            connection.goOnWith(new Version3Handshake(connection));
        } else {
            isToldWhy = Integer.compareUnsigned(version, Limits.PROTOCOL_VERSION_3) >= 0;
            connection.reject(Metric.REJECTED_VERSION);
        }
    }

    @Override
    byte @Nullable [] closing(CloseCode code, long retryAfterMillis) {
        return isToldWhy ? LinkCodec.frame(new Close(code.code(), retryAfterMillis, "")) : null;
    }

    @Override
    void end() {
        // Nothing is under way.
    }
}
