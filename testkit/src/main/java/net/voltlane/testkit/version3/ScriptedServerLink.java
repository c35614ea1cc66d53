package net.voltlane.testkit.version3;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.voltlane.protocol.Frame;

/**
 * The server's end of one client link of version 3, of which a test says every step: correct handshakes, single frames,
 * and any bytes. It knows no sockets. Whatever the client does against the protocol is an {@link AssertionError}.
 */
public final class ScriptedServerLink {

    /** The client's bytes, cut into frames. */
    @FunctionalInterface
    public interface Source {
        /** Returns the payload of the next frame. */
        byte[] next() throws IOException;
    }

    /** The way to the client. */
    @FunctionalInterface
    public interface Sink {
        void write(byte[] bytes) throws IOException;
    }

    /** A session as its server knows it. */
    public record Session(long id, byte[] clientKey, byte[] credentials) {}

    /** The fields of a Resume. */
    public record Asked(Session session, long received, long kept, int heartbeat, byte[] payload) {}

    /** The session's terms, as Opened and Resumed tell them. */
    public record Terms(int heartbeatSecs, long maxPayload, long waitSecs) {
        /** Terms with which nothing happens by itself in a short test. */
        public static final Terms USUAL = new Terms(60, 8_388_599, 300);

        FieldWriter writeTo(FieldWriter out) {
            return out.u16(heartbeatSecs).u32(maxPayload).u32(waitSecs);
        }
    }

    private static final int KEY_BYTES = 32;
    private static final int LEFT = 15;
    private static final byte[] PROTOCOL_VERSION_3 = {1, 3};
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ClientKeys serverKeys;
    private final Source source;
    private final Sink sink;
    private final List<Long> acks = new ArrayList<>();
    private int pings;
    /** The number of the last Data that came. */
    private long taken;

    private Terms terms = Terms.USUAL;

    /** @param serverKeys the server's key pair */
    public ScriptedServerLink(ClientKeys serverKeys, Source source, Sink sink) {
        this.serverKeys = serverKeys;
        this.source = source;
        this.sink = sink;
    }

    /** Sets the terms for the handshakes that follow. */
    public ScriptedServerLink terms(Terms told) {
        terms = told;
        return this;
    }

    /** The server's public key. */
    public byte[] serverKey() {
        return serverKeys.publicKey();
    }

    // ---- handshakes

    /** Opens a session with this id. */
    public Session open(long id) throws IOException {
        Session session = askedToOpen(id);
        opened(id);
        return session;
    }

    /** Waits for the first two frames of a client that wants a new session. */
    public Session askedToOpen(long id) throws IOException {
        version();
        FieldReader open = body(expect(FrameType.OPEN));
        byte[] key = open.bytes(KEY_BYTES);
        open.u16();
        return new Session(id, key, open.blob());
    }

    public void opened(long id) throws IOException {
        frame(
                FrameType.OPENED,
                terms.writeTo(new FieldWriter().bytes(serverKey()).u64(id)));
    }

    /** Waits for the client's version, which has to be 3. */
    public void version() throws IOException {
        byte[] first = source.next();
        unless(Arrays.equals(first, PROTOCOL_VERSION_3), "the client begins with " + Arrays.toString(first));
    }

    /** Waits for the first two frames of a client that wants its session back. */
    public Asked askedToResume(Session session) throws IOException {
        version();
        byte[] payload = expect(FrameType.RESUME);
        FieldReader resume = body(payload);
        long id = resume.u64();
        unless(id == session.id(), "the client asks for session " + id);
        long received = resume.count();
        long kept = resume.count();
        resume.bytes(KEY_BYTES);
        return new Asked(session, received, kept, resume.u16(), payload);
    }

    /** Resumes a session if the client proves that it has the key. */
    public Asked resume(Session session, long accepted) throws IOException {
        Asked asked = askedToResume(session);
        resumed(asked, accepted);
        return asked;
    }

    /** Challenges the client and resumes its session, if it proves that it has the key. */
    public void resumed(Asked asked, long accepted) throws IOException {
        raw(Frame.of(resumedPayload(asked, accepted)));
    }

    /** Runs the resume up to Resumed, and returns that frame's payload instead of sending it. */
    public byte[] resumedPayload(Asked asked, long accepted) throws IOException {
        byte[] nonce = new byte[KEY_BYTES];
        RANDOM.nextBytes(nonce);
        byte[] challenge =
                new FieldWriter().u8(FrameType.CHALLENGE).bytes(nonce).toBytes();
        raw(Frame.of(challenge));
        byte[] answer = body(expect(FrameType.ANSWER)).bytes(KEY_BYTES);
        Session session = asked.session();
        SessionProof proof = new SessionProof(
                serverKeys.shared(session.clientKey()), session.id(), session.clientKey(), serverKey());
        byte[] transcript = SessionProof.transcript(asked.payload(), challenge);
        unless(Arrays.equals(answer, proof.ofClient(transcript)), "the client's proof is wrong");
        taken = accepted;
        byte[] behind = terms.writeTo(new FieldWriter().u64(accepted)).toBytes();
        return new FieldWriter()
                .u8(FrameType.RESUMED)
                .bytes(proof.ofServer(transcript, answer, behind))
                .bytes(behind)
                .toBytes();
    }

    // ---- what goes out

    public void data(byte[] payload) throws IOException {
        frame(FrameType.DATA, new FieldWriter().bytes(payload));
    }

    public void ack(long count) throws IOException {
        frame(FrameType.ACK, new FieldWriter().u64(count));
    }

    public void pong(byte... bytes) throws IOException {
        frame(FrameType.PONG, new FieldWriter().bytes(bytes));
    }

    public void goAway(long withinMillis) throws IOException {
        frame(FrameType.GO_AWAY, new FieldWriter().u32(withinMillis));
    }

    public void close(int code, long retryAfterMillis, String text) throws IOException {
        frame(FrameType.CLOSE, new FieldWriter().u16(code).u32(retryAfterMillis).text(text));
    }

    /** Sends a frame of any type. */
    public void frame(int type, FieldWriter body) throws IOException {
        raw(Frame.of(new FieldWriter().u8(type).bytes(body.toBytes()).toBytes()));
    }

    /** Sends any bytes. */
    public void raw(byte[] bytes) throws IOException {
        sink.write(bytes);
    }

    /** Acknowledges all that came and comes, until the client leaves, and answers that. */
    public void serve() throws IOException {
        serve(false);
    }

    /** As {@link #serve}, and sends each packet back before it is acknowledged. */
    public void echo() throws IOException {
        serve(true);
    }

    private void serve(boolean echoes) throws IOException {
        byte[] payload = {FrameType.DATA};
        boolean first = true;
        while (payload[0] != FrameType.LEAVE) {
            if (payload[0] == FrameType.DATA) {
                if (echoes && !first) {
                    raw(Frame.of(payload));
                }
                ack(taken);
                first = false;
            }
            payload = next();
        }
        close(LEFT, 0, "");
    }

    // ---- what comes

    /** The next frame of a client that has its session: Data, Ack, Ping or Leave, type byte included. */
    public byte[] next() throws IOException {
        byte[] payload = source.next();
        unless(payload.length > 0, "the client sends an empty frame");
        FieldReader body = body(payload);
        switch (payload[0]) {
            case FrameType.DATA -> taken++;
            case FrameType.LEAVE -> {}
            case FrameType.ACK -> acks.add(body.count());
            case FrameType.PING -> pings++;
            default -> throw new AssertionError("the client sends a frame of type " + payload[0]);
        }
        return payload;
    }

    /** The payload of the next Data. Acks and Pings before it are counted. */
    public byte[] nextData() throws IOException {
        byte[] payload = nextOf(FrameType.DATA);
        return Arrays.copyOfRange(payload, 1, payload.length);
    }

    /** Waits for an Ack of this or more, and returns it. Other frames before it may be Acks and Pings only. */
    public long nextAck() throws IOException {
        nextOf(FrameType.ACK);
        return acks.get(acks.size() - 1);
    }

    /** Waits for a Ping and returns its bytes. */
    public byte[] nextPing() throws IOException {
        byte[] payload = nextOf(FrameType.PING);
        return Arrays.copyOfRange(payload, 1, payload.length);
    }

    public void nextLeave() throws IOException {
        nextOf(FrameType.LEAVE);
    }

    private byte[] nextOf(int type) throws IOException {
        while (true) {
            byte[] payload = next();
            if (payload[0] == type) {
                return payload;
            }
            boolean mayComeBefore = payload[0] == FrameType.ACK || payload[0] == FrameType.PING;
            unless(mayComeBefore, "waited for a frame of type " + type + ", one of type " + payload[0] + " came");
        }
    }

    /** The Acks that came so far. */
    public List<Long> acks() {
        return List.copyOf(acks);
    }

    /** The number of Pings that came so far. */
    public int pings() {
        return pings;
    }

    private byte[] expect(int type) throws IOException {
        byte[] payload = source.next();
        unless(payload.length > 0 && payload[0] == type, "waited for a frame of type " + type);
        return payload;
    }

    private static FieldReader body(byte[] payload) {
        return new FieldReader(Arrays.copyOfRange(payload, 1, payload.length));
    }

    private static void unless(boolean fine, String message) {
        if (!fine) {
            throw new AssertionError(message);
        }
    }
}
