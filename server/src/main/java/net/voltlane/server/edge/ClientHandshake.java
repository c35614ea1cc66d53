package net.voltlane.server.edge;

import java.nio.ByteBuffer;
import net.voltlane.protocol.CloseCode;
import net.voltlane.protocol.MalformedPacketException;
import org.jspecify.annotations.Nullable;

/**
 * The steps of one connection's handshake that depend on the protocol version. {@link HandshakeHandler} cuts frames,
 * keeps deadlines and applies limits, the same for all versions; an object of this class gives frames their meaning and
 * answers them. Belongs to the connection's loop.
 */
abstract class ClientHandshake {
    final HandshakeHandler connection;

    ClientHandshake(HandshakeHandler connection) {
        this.connection = connection;
    }

    /** The longest payload of the next frame. */
    abstract int maxFrameBytes();

    /** True while the client's next frame may be taken; false while something is computed for it. */
    abstract boolean isAwaitingFrame();

    /**
     * Takes the next frame.
     *
     * @param payload valid during the call only
     * @throws MalformedPacketException if the frame holds no packet
     */
    abstract void frame(ByteBuffer payload) throws MalformedPacketException;

    /**
     * The last frame to the client, before the server closes the connection; null if the version has none.
     *
     * @param retryAfterMillis the time before which a new attempt is of no use; 0: unknown
     */
    byte @Nullable [] closing(CloseCode code, long retryAfterMillis) {
        return null;
    }

    /** The connection has closed, or has become a link: computations under way come to nothing. */
    abstract void end();
}
