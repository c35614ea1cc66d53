package net.voltlane.server.edge;

import net.voltlane.protocol.link3.LinkCodec;
import net.voltlane.protocol.link3.Opened;
import net.voltlane.protocol.link3.Parameters;
import net.voltlane.server.address.Cidr;
import net.voltlane.server.session.Resumption;

/**
 * The answer to a client's Open. When it goes out, the key of the new session is computed if there is time for that, so
 * that the client's return costs no elliptic curve. Belongs to the link's loop.
 */
final class OpenedGreeting implements Version3Link.Greeting {
    private final HandshakeContext context;
    private final Parameters parameters;
    private final Cidr from;
    private final byte[] clientKey;

    OpenedGreeting(HandshakeContext context, Parameters parameters, Cidr from, byte[] clientKey) {
        this.context = context;
        this.parameters = parameters;
        this.from = from;
        this.clientKey = clientKey;
    }

    @Override
    public byte[] opened(long id) {
        SessionsProxy sessions = context.sessions();
        context.proofs().sessionKeyAhead(from, id, clientKey, key -> sessions.sessionKeyComputed(id, clientKey, key));
        return LinkCodec.frame(new Opened(context.proofs().version3PublicKey(), id, parameters));
    }

    @Override
    public byte[] resumed(Resumption point) {
        throw new AssertionError("the client has opened a session, and resumes none");
    }
}
