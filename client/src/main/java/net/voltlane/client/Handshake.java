package net.voltlane.client;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import net.voltlane.proof.ChallengeAnswer;
import net.voltlane.proof.InvalidKeyException;
import net.voltlane.proof.KeyPair;
import net.voltlane.proof.PublicKeys;
import net.voltlane.proof.SharedKey;
import net.voltlane.protocol.Challenge;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.HandshakePacket;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of the handshake of version 2, up to its last packet; the application's packets follow. The link
 * needs a {@linkplain Link#startTimeout timeout}, as a server may fall silent at every step. For one link and one
 * thread.
 *
 * <pre>
 *  new session:   ProtocolVersion, PubKey -> PubKey ..... ClientId
 *  resume:        ProtocolVersion -> PubKey, ClientId -> Challenge, ChallengeResponse, Ping -> Ping
 * </pre>
 *
 * The public key of a new session is sent ahead, because it discloses nothing. A resume first waits for the server's
 * key: neither the session's id nor the answer may go to an unknown server.
 */
final class Handshake {

    /**
     * The length of a sealed challenge of 32 random bytes. A box of another length is refused: sealing its content
     * again would serve an attacker.
     */
    private static final int CHALLENGE_BOX_BYTES = 72;

    private final Link link;
    private final SecureRandom random;
    /** True if the next packet has to be a challenge. */
    private boolean challengeDue;

    Handshake(Link link, SecureRandom random) {
        this.link = link;
        this.random = random;
    }

    /**
     * Opens a new session.
     *
     * @param expectedKey the key that the server has to show, 33 bytes; null accepts any
     */
    SessionState open(byte @Nullable [] expectedKey) throws ClientException {
        KeyPair keys = KeyPair.generate(random);
        send(new ProtocolVersion(Limits.PROTOCOL_VERSION), new PubKey(keys.publicKey()));
        byte[] serverKey = serverKey(expectedKey);
        return new SessionState(expect(ClientId.class, "a session id").id(), keys, serverKey);
    }

    /**
     * Resumes a session.
     *
     * @param observer is told when the server has shown that it knows the session
     */
    void resume(SessionState state, Connector.Observer observer) throws ClientException {
        send(new ProtocolVersion(Limits.PROTOCOL_VERSION));
        byte[] serverKey = serverKey(state.serverKey());
        send(new ClientId(state.sessionId()));
        challengeDue = true;
        byte[] challenge = expect(Challenge.class, "a challenge").box();
        challengeDue = false;
        byte[] answer = ChallengeAnswer.to(challenge, sharedKey(state, serverKey), random);
        if (answer == null) {
            throw new SessionGoneException(
                    "the server does not know session " + Long.toUnsignedString(state.sessionId())
                            + " any more: it was kicked, it was away for too long, or the server has started anew",
                    null);
        }
        observer.sessionConfirmed();
        if (challenge.length != CHALLENGE_BOX_BYTES) {
            throw new ProtocolViolationException(
                    "the server sent a challenge of " + challenge.length + " bytes (expected: " + CHALLENGE_BOX_BYTES
                            + ")",
                    null);
        }
        send(new ChallengeResponse(answer), new Ping());
        expect(Ping.class, "the session");
    }

    private byte[] serverKey(byte @Nullable [] expected) throws ClientException {
        byte[] key;
        try {
            key = PublicKeys.validate(expect(PubKey.class, "its key").key());
        } catch (InvalidKeyException e) {
            throw new ProtocolViolationException("the server's " + e.getMessage(), e);
        }
        if (expected != null && !Arrays.equals(expected, key)) {
            throw ServerKeyException.of(expected, key);
        }
        return key;
    }

    private static byte[] sharedKey(SessionState state, byte[] serverKey) {
        try {
            return SharedKey.derive(state.keys(), serverKey);
        } catch (InvalidKeyException e) {
            throw new AssertionError("the server's key was validated", e);
        }
    }

    /** Sends packets in one write: one write for each would wake the server several times. */
    private void send(HandshakePacket... packets) throws ClientException {
        ByteBuffer out = ByteBuffer.allocate(Limits.MAX_HANDSHAKE_FRAME_BYTES);
        for (HandshakePacket packet : packets) {
            out.put(HandshakeCodec.frame(packet));
        }
        try {
            link.writeFully(out.flip());
        } catch (IOException e) {
            throw new HungUpException("the server broke the link in the handshake", e);
        }
    }

    private <P extends HandshakePacket> P expect(Class<P> type, String what) throws ClientException {
        HandshakePacket packet = receive(what);
        if (!type.isInstance(packet)) {
            throw new ProtocolViolationException(
                    "the server sent " + packet.getClass().getSimpleName() + " instead of " + what, null);
        }
        return type.cast(packet);
    }

    private HandshakePacket receive(String what) throws ClientException {
        try {
            byte[] payload = link.next(Limits.MAX_HANDSHAKE_FRAME_BYTES);
            if (payload == null) {
                throw new HungUpException("the server closed the link instead of giving " + what, null, challengeDue);
            }
            return HandshakeCodec.decode(payload);
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
