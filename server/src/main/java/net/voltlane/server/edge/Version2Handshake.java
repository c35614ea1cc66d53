package net.voltlane.server.edge;

import java.nio.ByteBuffer;
import net.voltlane.proof.IssuedChallenge;
import net.voltlane.protocol.Challenge;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.HandshakePacket;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.PubKey;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.ResumeToken;
import net.voltlane.server.session.Sessions;
import org.jspecify.annotations.Nullable;

/**
 * Version 2's handshake, from the server's PubKey up to the moment at which the session loop is asked for a session. Any
 * packet that the state does not expect closes this connection and nothing more, and nothing of a session changes before
 * the proof has verified. Belongs to the connection's loop.
 */
final class Version2Handshake extends ClientHandshake implements Sessions.FindOutcome {
    /**
     * <pre>
     *   IDENTITY ──PubKey────► CHECKING_KEY ──the key is valid──────────────────────► DONE, opens a session
     *   IDENTITY ──ClientId──► LOOKING_UP ──the session, or none──► CHALLENGING
     *                          CHALLENGING ──the challenge is computed──► ANSWER
     *                          ANSWER ──ChallengeResponse is right──► PING ──Ping───► DONE, resumes the session
     *   any ──another packet, a wrong key or answer, a limit, a timeout, the connection lost──► DONE
     * </pre>
     *
     * In CHECKING_KEY, LOOKING_UP and CHALLENGING the connection is not read from.
     */
    private enum State {
        IDENTITY,
        CHECKING_KEY,
        LOOKING_UP,
        CHALLENGING,
        ANSWER,
        PING,
        DONE
    }

    private State state = State.IDENTITY;

    /** The permission to resume the session that the client asks for; null if there is no such session. */
    private @Nullable ResumeToken token;
    /** The challenge that waits for its answer, which is tried once. */
    private @Nullable IssuedChallenge challenge;

    private Version2Handshake(HandshakeHandler connection) {
        super(connection);
    }

    /** Sends the server's key and awaits the client's PubKey or ClientId. */
    static Version2Handshake begin(HandshakeHandler connection) {
        Version2Handshake handshake = new Version2Handshake(connection);
        handshake.send(new PubKey(connection.context.proofs().serverPublicKey()));
        return handshake;
    }

    @Override
    int maxFrameBytes() {
        return Limits.MAX_HANDSHAKE_FRAME_BYTES;
    }

    @Override
    boolean isAwaitingFrame() {
        return switch (state) {
            case IDENTITY, ANSWER, PING -> true;
            case CHECKING_KEY, LOOKING_UP, CHALLENGING, DONE -> false;
        };
    }

    @Override
    void frame(ByteBuffer payload) throws MalformedPacketException {
        HandshakePacket packet = HandshakeCodec.decode(payload);
        switch (state) {
            case IDENTITY -> identity(packet);
            case ANSWER -> {
                if (packet instanceof ChallengeResponse response) {
                    answer(response.box());
                } else {
                    connection.reject(Metric.REJECTED_UNEXPECTED);
                }
            }
            case PING -> {
                if (packet instanceof Ping) {
                    resume();
                } else {
                    connection.reject(Metric.REJECTED_UNEXPECTED);
                }
            }
            case CHECKING_KEY, LOOKING_UP, CHALLENGING, DONE ->
                throw new AssertionError("a frame was taken in " + state);
        }
    }

    private void identity(HandshakePacket packet) {
        if (connection.isOverMemoryLimit()) {
            connection.reject(Metric.REJECTED_MEMORY);
        } else if (packet instanceof PubKey key) {
            check(key.key());
        } else if (packet instanceof ClientId claimed) {
            lookUp(claimed.id());
        } else {
            connection.reject(Metric.REJECTED_UNEXPECTED);
        }
    }

    // ---- a new session

    private void check(byte[] key) {
        if (connection.beginOpening()) {
            state = State.CHECKING_KEY;
            connection.stopReading();
            connection.context.proofs().validate(connection.from(), connection::isUp, key, this::checked);
        }
    }

    /** @param key the client's, compressed; null if it is not a valid key */
    private void checked(byte @Nullable [] key) {
        if (state != State.CHECKING_KEY) {
            return;
        }
        if (key == null) {
            connection.reject(Metric.REJECTED_KEY);
        } else if (connection.finishOpening()) {
            connection.context.sessions().open(becomeLink(), key, null);
        }
    }

    // ---- a resume

    /** Asks the session loop for the session's key, which changes nothing there. */
    private void lookUp(long claimedId) {
        if (connection.beginProof()) {
            state = State.LOOKING_UP;
            connection.stopReading();
            connection.context.sessions().find(claimedId, Version2Link.INSTANCE.version(), this);
        }
    }

    /** An unknown id is challenged like a known one, so that nobody can tell which ids exist. */
    @Override
    public void found(@Nullable ResumeToken found) {
        if (state == State.LOOKING_UP) {
            state = State.CHALLENGING;
            token = found;
            byte[] key = found == null ? null : found.clientKey();
            connection.context.proofs().challenge(connection.from(), connection::isUp, key, this::challenged);
        }
    }

    /** Nobody knows if there is such a session: the client is to come again. */
    @Override
    public void unavailable() {
        if (state == State.LOOKING_UP) {
            connection.storeIsAway();
        }
    }

    private void challenged(IssuedChallenge issued) {
        if (state == State.CHALLENGING) {
            state = State.ANSWER;
            challenge = issued;
            send(new Challenge(issued.box()));
            connection.awaitAnswer();
        }
    }

    private void answer(byte[] box) {
        IssuedChallenge once = challenge;
        challenge = null;
        if (once != null && once.accepts(box) && token != null) {
            state = State.PING;
            connection.proofSucceeded();
        } else {
            connection.proofFailed();
            connection.reject(Metric.REJECTED_PROOF);
        }
    }

    private void resume() {
        ResumeToken proved = token;
        assert proved != null : "no answer is right without a session";
        connection.stopReading();
        connection.context.sessions().resume(becomeLink(), proved);
    }

    // ----

    private ClientLink becomeLink() {
        return connection.becomeLink(Version2Link.of(connection.context.links().queues()));
    }

    /** Without a flush. */
    private void send(HandshakePacket packet) {
        connection.send(HandshakeCodec.frame(packet));
    }

    @Override
    void end() {
        state = State.DONE;
        challenge = null;
    }
}
