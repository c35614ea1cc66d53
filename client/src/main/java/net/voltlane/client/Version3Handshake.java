package net.voltlane.client;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import net.voltlane.client.Connector.Connected;
import net.voltlane.proof.SessionKey;
import net.voltlane.proof.X25519KeyPair;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.link3.Answer;
import net.voltlane.protocol.link3.Challenge;
import net.voltlane.protocol.link3.Close;
import net.voltlane.protocol.link3.LinkCodec;
import net.voltlane.protocol.link3.LinkFrame;
import net.voltlane.protocol.link3.Open;
import net.voltlane.protocol.link3.Opened;
import net.voltlane.protocol.link3.Resume;
import net.voltlane.protocol.link3.Resumed;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of the handshake of version 3. The link needs a {@linkplain Link#startTimeout timeout}, as a server
 * may fall silent at every step. For one link and one thread.
 *
 * <pre>
 *  new session:   ProtocolVersion, Open -> Opened
 *  resume:        ProtocolVersion, Resume -> Challenge, Answer -> Resumed
 * </pre>
 *
 * Everything that a server says before its proof in Resumed has verified may come from anybody. Until then a resume
 * changes nothing, and a Close is an opinion: the {@link RetryPolicy} believes it after a few attempts.
 */
final class Version3Handshake {

    private static final int NONCE_BYTES = 32;

    private final Link link;
    private final SecureRandom random;
    private final int heartbeatSecs;
    /** The payload of the frame that came last. */
    private byte[] received = {};
    /** True if the next frame has to be a Challenge. */
    private boolean challengeDue;

    /** @param heartbeatSecs the wish; 0 for the server's choice */
    Version3Handshake(Link link, SecureRandom random, int heartbeatSecs) {
        this.link = link;
        this.random = random;
        this.heartbeatSecs = heartbeatSecs;
    }

    /**
     * Opens a new session.
     *
     * @param expectedKey the key that the server has to show, 32 bytes; null accepts any
     */
    Connected open(byte @Nullable [] expectedKey, byte[] credentials) throws ClientException {
        X25519KeyPair keys = X25519KeyPair.generate(random);
        sendFirst(new Open(keys.publicKey(), heartbeatSecs, credentials));
        Opened opened = expect(Opened.class, "a session");
        if (expectedKey != null && !Arrays.equals(expectedKey, opened.serverKey())) {
            throw ServerKeyException.of(expectedKey, opened.serverKey());
        }
        SessionState state = new SessionState(opened.id(), Version3State.fresh(keys), opened.serverKey());
        return new Connected(link, state, true, new Terms(opened.parameters(), 0, 0));
    }

    /** Resumes a session. */
    Connected resume(SessionState state, ResumeCounts counts) throws ClientException {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        Resume resume =
                new Resume(state.sessionId(), counts.received(), counts.sends().kept(), nonce, heartbeatSecs);
        sendFirst(resume);
        challengeDue = true;
        expect(Challenge.class, "a challenge");
        challengeDue = false;
        byte[] transcript = SessionKey.transcript(LinkCodec.encode(resume), received);
        SessionKey key = state.version3().proofKey(state.sessionId(), state.serverKey());
        if (key == null) {
            throw new SessionGoneException("the server's key is one with which nothing can be proved", null);
        }
        byte[] proof = key.clientProof(transcript);
        send(LinkCodec.frame(new Answer(proof)));
        Resumed resumed = expect(Resumed.class, "the session");
        if (!key.verifiesServer(transcript, proof, behindProof(), resumed.proof())) {
            throw new ProtocolViolationException("the server did not prove that it has the session", null);
        }
        if (!counts.sends().fit(resumed.accepted())) {
            throw new GapException(
                    "the server has read " + resumed.accepted() + " packets of this session (expected: "
                            + (counts.sends().first() - 1) + " to "
                            + counts.sends().everSent() + ")",
                    null,
                    true);
        }
        return new Connected(
                link, state, false, new Terms(resumed.parameters(), resumed.accepted(), counts.received()));
    }

    private byte[] behindProof() {
        try {
            return LinkCodec.behindProof(received);
        } catch (MalformedPacketException e) {
            throw new AssertionError("Resumed was decoded", e);
        }
    }

    /** Sends the version with the first frame, in one write. */
    private void sendFirst(LinkFrame frame) throws ClientException {
        byte[] version = HandshakeCodec.frame(new ProtocolVersion(Limits.PROTOCOL_VERSION_3));
        byte[] first = LinkCodec.frame(frame);
        byte[] both = Arrays.copyOf(version, version.length + first.length);
        System.arraycopy(first, 0, both, version.length, first.length);
        send(both);
    }

    private void send(byte[] bytes) throws ClientException {
        try {
            link.writeFully(ByteBuffer.wrap(bytes));
        } catch (IOException e) {
            // What the server said last may still be there to be read, and is worth more.
            throw closeThatCame(new HungUpException("the server broke the link in the handshake", e));
        }
    }

    private ClientException closeThatCame(HungUpException otherwise) {
        try {
            receive("an answer");
            return otherwise;
        } catch (ClosedByServerException
                | SessionGoneException
                | GapException
                | TakenOverException
                | TlsException told) {
            return told;
        } catch (ClientException nothingMore) {
            return otherwise;
        }
    }

    private <F extends LinkFrame> F expect(Class<F> type, String what) throws ClientException {
        LinkFrame frame = receive(what);
        if (!type.isInstance(frame)) {
            throw new ProtocolViolationException(
                    "the server sent " + frame.getClass().getSimpleName() + " instead of " + what, null);
        }
        return type.cast(frame);
    }

    /** Receives a frame; skips unknown ones that may be skipped. */
    private LinkFrame receive(String what) throws ClientException {
        try {
            while (true) {
                byte[] payload = link.next(Limits.MAX_CONTROL_FRAME_BYTES);
                if (payload == null) {
                    throw new HungUpException(
                            "the server closed the link instead of giving " + what, null, challengeDue);
                }
                LinkFrame frame = LinkCodec.decode(payload);
                if (frame instanceof Close close) {
                    throw CloseCodes.exception(close);
                }
                if (frame != null) {
                    received = payload;
                    return frame;
                }
            }
        } catch (MalformedPacketException e) {
            throw new ProtocolViolationException(
                    "the server sent rubbish instead of " + what + ": " + e.getMessage(), e);
        } catch (SocketTimeoutException e) {
            throw new HandshakeTimeoutException("the server did not give " + what + " in time", e);
        } catch (ClientException e) {
            throw e;
        } catch (CloseReceived e) {
            throw CloseCodes.exception(e.close());
        } catch (IOException e) {
            throw TlsFailures.hungUp("the server broke the link instead of giving " + what, e);
        }
    }
}
