package net.voltlane.server.edge;

import net.voltlane.protocol.link3.LinkCodec;
import net.voltlane.protocol.link3.Opened;
import net.voltlane.protocol.link3.Parameters;
import net.voltlane.server.session.Resumption;

/**
 * The answer to a client's Open. When it goes out, the key of the new session is computed if there is time for that, so
 * that the client's return costs no elliptic curve. Belongs to the link's loop.
 */
final class OpenedGreeting implements Version3Link.Greeting {
    private final HandshakeHandler connection;
    private final Parameters parameters;
    private final byte[] clientKey;

    OpenedGreeting(HandshakeHandler connection, Parameters parameters, byte[] clientKey) {
        this.connection = connection;
        this.parameters = parameters;
        this.clientKey = clientKey;
    }

    @Override
    public byte[] opened(long id) {
        HandshakeProofs proofs = connection.context.proofs();
        SessionsProxy sessions = connection.context.sessions();
        proofs.sessionKeyAhead(
                connection.from(),
                connection::isUp,
                id,
                clientKey,
                key -> sessions.sessionKeyComputed(id, clientKey, key));
        return LinkCodec.frame(new Opened(proofs.version3PublicKey(), id, parameters));
    }

    @Override
    public byte[] resumed(Resumption point) {
        throw new AssertionError("the client has opened a session, and resumes none");
    }

    @Override
    public long received() {
        return 0;
    }

    @Override
    public long kept() {
        return 1;
    }
}
