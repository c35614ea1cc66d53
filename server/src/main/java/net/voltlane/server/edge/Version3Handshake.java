package net.voltlane.server.edge;

import java.nio.ByteBuffer;
import net.voltlane.proof.SessionKey;
import net.voltlane.protocol.CloseCode;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.link3.Answer;
import net.voltlane.protocol.link3.Challenge;
import net.voltlane.protocol.link3.Close;
import net.voltlane.protocol.link3.LinkCodec;
import net.voltlane.protocol.link3.LinkFrame;
import net.voltlane.protocol.link3.Open;
import net.voltlane.protocol.link3.Parameters;
import net.voltlane.protocol.link3.Resume;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.ResumeToken;
import net.voltlane.server.session.Sessions;
import net.voltlane.server.session.Version3;
import org.jspecify.annotations.Nullable;

/**
 * Version 3's handshake, from the frame behind the client's ProtocolVersion up to the moment at which the session loop is
 * asked for a session. Nothing is computed for a client that opens a session, or that asks for one that does not exist;
 * the key of a session is computed at most once, when the first client has sent a proof for it, unless that was done
 * ahead of time. A frame that the state does not expect closes this connection and nothing more. Belongs to the
 * connection's loop.
 */
final class Version3Handshake extends ClientHandshake implements Sessions.FindOutcome {
    /**
     * <pre>
     *   REQUEST ──Open────► DONE, opens a session
     *   REQUEST ──Resume──► LOOKING_UP ──the session, or none: Challenge──► ANSWER
     *                       ANSWER ──Answer, the session's key is known──► checked
     *                       ANSWER ──Answer, it is not──► COMPUTING ──the key──► checked
     *                       checked ──the proof is right──► DONE, resumes the session
     *   any ──another frame, no session, a wrong proof, a limit, a timeout, the connection lost──► DONE
     * </pre>
     *
     * In LOOKING_UP and COMPUTING the connection is not read from.
     */
    private enum State {
        REQUEST,
        LOOKING_UP,
        ANSWER,
        COMPUTING,
        DONE
    }

    private State state = State.REQUEST;
    /** The client's request for its session; null until it comes. */
    private @Nullable Attempt attempt;

    /** A client's attempt to resume a session. */
    private static final class Attempt {
        final Resume request;
        /** All of the request, until the transcript is made of it: up to 8 KiB are not held any longer. */
        byte[] requestPayload;
        /** The permission to resume the session; null if there is no such session, or it is not known yet. */
        @Nullable
        ResumeToken token;
        /** The hash that both proofs cover; empty until the challenge is sent. */
        byte[] transcript = {};

        Attempt(Resume request, byte[] requestPayload) {
            this.request = request;
            this.requestPayload = requestPayload;
        }
    }

    Version3Handshake(HandshakeHandler connection) {
        super(connection);
    }

    @Override
    int maxFrameBytes() {
        return Limits.MAX_CONTROL_FRAME_BYTES;
    }

    @Override
    boolean isAwaitingFrame() {
        return switch (state) {
            case REQUEST, ANSWER -> true;
            case LOOKING_UP, COMPUTING, DONE -> false;
        };
    }

    @Override
    void frame(ByteBuffer payload) throws MalformedPacketException {
        ByteBuffer whole = payload.slice();
        LinkFrame frame = LinkCodec.decode(payload);
        if (frame == null) {
            return; // of a later version
        }
        if (state == State.REQUEST && frame instanceof Open open) {
            open(open);
        } else if (state == State.REQUEST && frame instanceof Resume resume) {
            byte[] bytes = new byte[whole.remaining()];
            whole.get(bytes);
            lookUp(new Attempt(resume, bytes));
        } else if (state == State.ANSWER && frame instanceof Answer answer) {
            answer(answer.proof());
        } else {
            connection.reject(Metric.REJECTED_UNEXPECTED);
        }
    }

    // ---- a new session

    private void open(Open open) {
        if (connection.isOverMemoryLimit()) {
            connection.reject(Metric.REJECTED_MEMORY);
        } else if (connection.beginOpening() && connection.finishOpening()) {
            byte[] credentials = open.credentials();
            Parameters parameters = parameters(open.heartbeatSecs());
            OpenedGreeting greeting = new OpenedGreeting(connection, parameters, open.key());
            connection.stopReading();
            ClientLink link = connection.becomeLink(new Version3Link(greeting, parameters));
            connection.context.sessions().open(link, open.key(), credentials.length == 0 ? null : credentials);
        }
    }

    private Parameters parameters(int wishSecs) {
        EdgeSettings settings = connection.context.links().settings().get();
        ServedVersions versions = settings.versions();
        return new Parameters(versions.heartbeats().answerTo(wishSecs), settings.maxFrameBytes(), versions.waitSecs());
    }

    // ---- a resume

    /** Asks the session loop for the session, which changes nothing there. */
    private void lookUp(Attempt begun) {
        if (connection.isOverMemoryLimit()) {
            connection.reject(Metric.REJECTED_MEMORY);
        } else if (connection.beginProof()) {
            state = State.LOOKING_UP;
            attempt = begun;
            connection.stopReading();
            connection.context.sessions().find(begun.request.id(), Version3.PROTOCOL, this);
        }
    }

    /** An unknown id is challenged like a known one. */
    @Override
    public void found(@Nullable ResumeToken found) {
        Attempt it = attempt;
        if (state == State.LOOKING_UP && it != null) {
            state = State.ANSWER;
            it.token = found;
            Challenge challenge = new Challenge(connection.context.proofs().nonce());
            it.transcript = SessionKey.transcript(it.requestPayload, LinkCodec.encode(challenge));
            it.requestPayload = it.transcript;
            connection.send(LinkCodec.frame(challenge));
            connection.awaitAnswer();
        }
    }

    /** Nobody knows if there is such a session: the client is to come again. */
    @Override
    public void unavailable() {
        if (state == State.LOOKING_UP) {
            connection.storeIsAway();
        }
    }

    private void answer(byte[] proof) {
        Attempt it = attempt;
        assert it != null : "an answer is awaited to a challenge";
        ResumeToken token = it.token;
        if (token == null) {
            connection.reject(Metric.REJECTED_NO_SESSION);
            return;
        }
        if (token.isKeyKnown()) {
            check(it, token, token.sessionKey(), proof);
        } else if (connection.beginProof()) {
            state = State.COMPUTING;
            connection.stopReading();
            connection
                    .context
                    .proofs()
                    .sessionKey(
                            connection.from(),
                            connection::isUp,
                            token.id(),
                            token.clientKey(),
                            key -> computed(it, token, key, proof));
        }
    }

    /** @param key null if no key can be computed with the client's own */
    private void computed(Attempt it, ResumeToken token, @Nullable SessionKey key, byte[] proof) {
        connection.context.sessions().sessionKeyComputed(token.id(), token.clientKey(), key);
        if (state == State.COMPUTING) {
            check(it, token, key, proof);
        }
    }

    private void check(Attempt it, ResumeToken token, @Nullable SessionKey key, byte[] proof) {
        if (key == null || !key.verifiesClient(it.transcript, proof)) {
            connection.proofFailed();
            connection.reject(Metric.REJECTED_PROOF);
            return;
        }
        connection.proofSucceeded();
        connection.stopReading();
        Resume request = it.request;
        Parameters parameters = parameters(request.heartbeatSecs());
        ResumedGreeting greeting = new ResumedGreeting(request, parameters, key, it.transcript, proof);
        Version3Link link = new Version3Link(greeting, parameters);
        connection.context.sessions().resume(connection.becomeLink(link), token);
    }

    // ----

    @Override
    byte[] closing(CloseCode code, long retryAfterMillis) {
        return LinkCodec.frame(new Close(code.code(), retryAfterMillis, ""));
    }

    @Override
    void end() {
        state = State.DONE;
        attempt = null;
    }
}
