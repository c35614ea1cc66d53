package net.voltlane.bench.load;

import java.util.Arrays;
import net.voltlane.proof.SessionKey;
import net.voltlane.protocol.CloseCode;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.link3.Ack;
import net.voltlane.protocol.link3.Answer;
import net.voltlane.protocol.link3.Challenge;
import net.voltlane.protocol.link3.Close;
import net.voltlane.protocol.link3.FrameType;
import net.voltlane.protocol.link3.LinkCodec;
import net.voltlane.protocol.link3.LinkFrame;
import net.voltlane.protocol.link3.Opened;
import net.voltlane.protocol.link3.Ping;
import net.voltlane.protocol.link3.Resume;
import net.voltlane.protocol.link3.Resumed;
import org.jspecify.annotations.Nullable;

/**
 * Version 3. It counts the Data frames of both directions, acknowledges what came, and checks the server's Acks. It keeps
 * no copy of what it sent: a message can be made again from its number.
 *
 * <pre>
 *   open   OPENED ──Opened──► live
 *   resume CHALLENGE ──Challenge──► RESUMED ──Resumed──► live
 * </pre>
 */
final class Dialect3 implements Dialect {

    /** The size of an Ack with its length prefix. */
    static final int ACK_FRAME_BYTES = Frame.PREFIX_BYTES + 9;

    private enum State {
        OPENED,
        CHALLENGE,
        RESUMED
    }

    private static final int MAX_UNTOLD = 64;
    private static final int MAX_UNTOLD_BYTES = 64 * 1024;
    private static final int COUNT_FRAME_BYTES = 9;
    private static final int NONCE_BYTES = 32;
    private static final byte[] PING = LinkCodec.frame(new Ping(new byte[0]));

    private final int index;
    private final LoadLoop loop;
    private final Identity3 identity;
    private final byte[] ack = LinkCodec.frame(new Ack(0));

    private State state = State.OPENED;
    private boolean hasSession;
    private long id;
    private byte @Nullable [] serverKey;
    private @Nullable SessionKey key;

    /** Only in a resume. */
    private byte[] resume = {};

    private byte[] transcript = {};
    private byte[] proof = {};

    /** Data frames of this client: how many it sent, how many the server has acknowledged, how many it had not read. */
    private long sent;

    private long acknowledged;
    private int unread;

    /** Data frames for this client: how many came, how many it has acknowledged; bytes that it has not. */
    private long received;

    private long told;
    private int untoldBytes;

    /** Sweeps that may pass without anything being sent, and that have. */
    private int quietSweeps;

    private int quiet;

    Dialect3(int index, LoadLoop loop, Identity3 identity) {
        this.index = index;
        this.loop = loop;
        this.identity = identity;
    }

    @Override
    public boolean hasSession() {
        return hasSession;
    }

    @Override
    public void forget() {
        hasSession = false;
        key = null;
        sent = 0;
        acknowledged = 0;
        unread = 0;
        received = 0;
        told = 0;
        untoldBytes = 0;
    }

    // ---- handshake

    @Override
    public byte[] hello() {
        if (!hasSession) {
            state = State.OPENED;
            return identity.hello();
        }
        state = State.CHALLENGE;
        byte[] nonce = new byte[NONCE_BYTES];
        loop.random().nextBytes(nonce);
        Resume frame = new Resume(id, received, acknowledged + 1, nonce, Identity3.HEARTBEAT_WISH_SECS);
        resume = LinkCodec.encode(frame);
        told = received;
        untoldBytes = 0;
        return Identity.concat(Identity3.VERSION, LinkCodec.frame(frame));
    }

    @Override
    public int maxHandshakeFrameBytes() {
        return Limits.MAX_CONTROL_FRAME_BYTES;
    }

    @Override
    public boolean take(Link from, byte[] payload) throws LinkFaultException, MalformedPacketException {
        LinkFrame frame = LinkCodec.decode(payload);
        if (frame == null) {
            return false; // of a later version
        } else if (frame instanceof Close close) {
            throw closed(close);
        } else if (state == State.OPENED && frame instanceof Opened opened) {
            opened(opened);
            return true;
        } else if (state == State.CHALLENGE && frame instanceof Challenge) {
            answer(from, payload);
            return false;
        } else if (state == State.RESUMED && frame instanceof Resumed resumed) {
            resumed(resumed, payload);
            return true;
        }
        throw new LinkFaultException(frame + " came in state " + state);
    }

    private void opened(Opened opened) throws LinkFaultException {
        if (serverKey != null && !Arrays.equals(serverKey, opened.serverKey())) {
            throw new LinkFaultException("the server has another key than before");
        }
        serverKey = opened.serverKey();
        id = opened.id();
        hasSession = true;
        loop.ids().set(index, id);
        heartbeat(opened.parameters().heartbeatSecs());
    }

    private void answer(Link from, byte[] challenge) throws LinkFaultException {
        SessionKey known = key();
        transcript = SessionKey.transcript(resume, challenge);
        proof = known.clientProof(transcript);
        byte[] answer = LinkCodec.frame(new Answer(proof));
        from.send(answer, answer.length);
        state = State.RESUMED;
    }

    private void resumed(Resumed resumed, byte[] payload) throws LinkFaultException, MalformedPacketException {
        if (!key().verifiesServer(transcript, proof, LinkCodec.behindProof(payload), resumed.proof())) {
            throw new LinkFaultException("the server's proof is wrong");
        }
        long accepted = resumed.accepted();
        if (accepted < acknowledged || accepted > sent) {
            throw new LinkFaultException("a gap: the server has accepted " + accepted + " messages, " + sent
                    + " were sent and " + acknowledged + " acknowledged");
        }
        unread = (int) (sent - accepted);
        sent = accepted;
        heartbeat(resumed.parameters().heartbeatSecs());
    }

    private SessionKey key() throws LinkFaultException {
        SessionKey known = key;
        byte[] server = serverKey;
        if (known == null) {
            if (server == null) {
                throw new LinkFaultException("there is no session to resume");
            }
            known = SessionKey.derive(identity.sharedWith(server), id, identity.publicKey(), server);
            key = known;
        }
        return known;
    }

    private void heartbeat(int seconds) {
        quietSweeps = seconds * 1000 / LoadLoop.SWEEP_MILLIS / 2;
    }

    // ---- messages

    @Override
    public int message(byte[] bytes, int at, int length) throws LinkFaultException {
        if (length > 0 && bytes[at] == FrameType.DATA) {
            received++;
            untoldBytes += length;
            return at + 1;
        }
        control(bytes, at, length);
        return NONE;
    }

    private void control(byte[] bytes, int at, int length) throws LinkFaultException {
        int type = length == 0 ? -1 : bytes[at] & 0xFF;
        if (type == FrameType.ACK && length >= COUNT_FRAME_BYTES) {
            long count = Bytes.getLong(bytes, at + 1);
            if (count < acknowledged || count > sent) {
                throw new LinkFaultException("the server acknowledged " + Long.toUnsignedString(count)
                        + " messages after " + acknowledged + ", and " + sent + " were sent");
            }
            acknowledged = count;
        } else if (type == FrameType.CLOSE) {
            throw closed(bytes, at, length);
        } else if (type != FrameType.PONG && type != FrameType.GO_AWAY && !FrameType.isSkippable(type)) {
            throw new LinkFaultException("a frame of type " + type + " and " + length + " bytes came");
        }
    }

    private static LinkFaultException closed(byte[] bytes, int at, int length) {
        try {
            LinkFrame frame = LinkCodec.decode(Arrays.copyOfRange(bytes, at, at + length));
            return frame instanceof Close close ? closed(close) : new LinkFaultException("not a Close");
        } catch (MalformedPacketException e) {
            return new LinkFaultException("the server closed the link: " + e.getMessage());
        }
    }

    private static LinkFaultException closed(Close close) {
        CloseCode code = CloseCode.of(close.code());
        return new LinkFaultException("the server closed the link: " + (code == null ? "code " + close.code() : code)
                + (close.text().isEmpty() ? "" : ", " + close.text()));
    }

    @Override
    public int unread() {
        int count = unread;
        unread = 0;
        return count;
    }

    /** An Ack goes out along with messages. */
    @Override
    public int sending(int count, byte[] out, int length) {
        sent += count;
        quiet = 0;
        if (told == received) {
            return length;
        }
        putAck();
        System.arraycopy(ack, 0, out, length, ACK_FRAME_BYTES);
        return length + ACK_FRAME_BYTES;
    }

    @Override
    public void readComplete(Link link) {
        if (received - told >= MAX_UNTOLD || untoldBytes >= MAX_UNTOLD_BYTES) {
            acknowledge(link);
        }
    }

    @Override
    public void sweep(Link link) {
        if (received != told) {
            acknowledge(link);
        } else if (++quiet > quietSweeps) {
            quiet = 0;
            link.send(PING, PING.length);
        }
    }

    private void acknowledge(Link link) {
        putAck();
        quiet = 0;
        link.send(ack, ACK_FRAME_BYTES);
    }

    private void putAck() {
        told = received;
        untoldBytes = 0;
        Bytes.putLong(ack, Frame.PREFIX_BYTES + 1, received);
    }
}
