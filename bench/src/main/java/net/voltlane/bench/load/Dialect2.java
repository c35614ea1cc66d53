package net.voltlane.bench.load;

import java.util.Arrays;
import net.voltlane.proof.ChallengeAnswer;
import net.voltlane.proof.InvalidKeyException;
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
 * Version 2. It sends all that it can at once, so a handshake costs the generator one write (two for a resume).
 *
 * <pre>
 *   open   KEY ──PubKey──► ID ──ClientId──────────────────────► live
 *   resume KEY ──PubKey──► CHALLENGE ──Challenge──► PING ──Ping──► live
 * </pre>
 */
final class Dialect2 implements Dialect {

    private enum State {
        KEY,
        ID,
        CHALLENGE,
        PING
    }

    private static final byte[] VERSION = HandshakeCodec.frame(new ProtocolVersion(Limits.PROTOCOL_VERSION));
    private static final byte[] PING = HandshakeCodec.frame(new Ping());

    private final int index;
    private final LoadLoop loop;
    private final Identity identity;
    private State state = State.KEY;
    private byte @Nullable [] serverKey;
    private byte @Nullable [] resumeHello;

    Dialect2(int index, LoadLoop loop, Identity identity) {
        this.index = index;
        this.loop = loop;
        this.identity = identity;
    }

    @Override
    public boolean hasSession() {
        return resumeHello != null;
    }

    @Override
    public void forget() {
        resumeHello = null;
    }

    @Override
    public byte[] hello() {
        state = State.KEY;
        return resumeHello != null ? resumeHello : identity.hello();
    }

    @Override
    public int maxHandshakeFrameBytes() {
        return Limits.MAX_HANDSHAKE_FRAME_BYTES;
    }

    @Override
    public boolean take(Link from, byte[] payload)
            throws LinkFaultException, MalformedPacketException, InvalidKeyException {
        HandshakePacket packet = HandshakeCodec.decode(payload);
        if (state == State.KEY && packet instanceof PubKey key) {
            key(key.key());
        } else if (state == State.ID && packet instanceof ClientId id) {
            resumeHello = Identity.concat(VERSION, HandshakeCodec.frame(id));
            loop.ids().set(index, id.id());
            return true;
        } else if (state == State.CHALLENGE && packet instanceof Challenge challenge && serverKey != null) {
            answer(from, challenge, serverKey);
        } else if (state == State.PING && packet instanceof Ping) {
            return true;
        } else {
            throw new LinkFaultException(packet + " came in state " + state);
        }
        return false;
    }

    @Override
    public int message(byte[] bytes, int at, int length) {
        return at;
    }

    private void key(byte[] key) throws LinkFaultException {
        if (serverKey == null) {
            serverKey = key;
        } else if (!Arrays.equals(serverKey, key)) {
            throw new LinkFaultException("the server has another key than before");
        }
        state = hasSession() ? State.CHALLENGE : State.ID;
    }

    private void answer(Link from, Challenge challenge, byte[] key) throws LinkFaultException, InvalidKeyException {
        byte[] box = ChallengeAnswer.to(challenge.box(), identity.sharedWith(key), loop.random());
        if (box == null) {
            throw new LinkFaultException("the server does not know the session any more");
        }
        byte[] both = Identity.concat(HandshakeCodec.frame(new ChallengeResponse(box)), PING);
        from.send(both, both.length);
        state = State.PING;
    }
}
