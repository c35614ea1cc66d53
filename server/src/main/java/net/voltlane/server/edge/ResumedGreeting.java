package net.voltlane.server.edge;

import net.voltlane.proof.SessionKey;
import net.voltlane.protocol.link3.LinkCodec;
import net.voltlane.protocol.link3.Parameters;
import net.voltlane.protocol.link3.Resume;
import net.voltlane.protocol.link3.Resumed;
import net.voltlane.server.session.Resumption;

/**
 * The answer to a client that has proved itself: the server's own proof, which covers everything behind it. Immutable.
 *
 * @param transcript the hash of Resume and Challenge
 * @param clientProof the client's proof, which was right
 */
record ResumedGreeting(Resume request, Parameters parameters, SessionKey key, byte[] transcript, byte[] clientProof)
        implements Version3Link.Greeting {
    @Override
    public byte[] opened(long id) {
        throw new AssertionError("the client has resumed a session, and opens none");
    }

    @Override
    public byte[] resumed(Resumption point) {
        byte[] behindProof = LinkCodec.behindProof(point.accepted(), parameters);
        byte[] proof = key.serverProof(transcript, clientProof, behindProof);
        return LinkCodec.frame(new Resumed(proof, point.accepted(), parameters));
    }

    @Override
    public long received() {
        return request.received();
    }

    @Override
    public long kept() {
        return request.kept();
    }

    @Override
    public String toString() {
        return "ResumedGreeting[" + parameters + "]"; // proofs are nobody's business
    }
}
