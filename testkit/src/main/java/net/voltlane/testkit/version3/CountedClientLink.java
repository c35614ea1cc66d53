package net.voltlane.testkit.version3;

import java.util.Arrays;
import java.util.function.Consumer;
import net.voltlane.protocol.Frame;

/**
 * A connection of a {@link CountedClient}. Whoever has the socket passes on what it reads, frame by frame, and writes
 * what {@code out} gets.
 */
public final class CountedClientLink {
    private enum State {
        /** Open was sent. */
        OPENING,
        /** Resume was sent. */
        RESUMING,
        /** Answer was sent. */
        PROVING,
        LIVE,
        /** Leave was sent. */
        LEAVING,
        /** Close has come. */
        CLOSED
    }

    private static final byte[] PROTOCOL_VERSION_3 = {1, 3};
    private static final int PROOF_BYTES = 32;
    private static final int MOST_PONG_BYTES = 16;

    private final CountedClient client;
    private final Consumer<byte[]> out;
    private State state = State.OPENING;
    private boolean sendsAhead;
    private byte[] resume = {};
    private byte[] transcript = {};
    private byte[] ofClient = {};
    private boolean honest = true;
    private int heartbeatSecs;
    private long largestPayload;
    private long waitSecs;
    private int closeCode;

    CountedClientLink(CountedClient client, Consumer<byte[]> out) {
        this.client = client;
        this.out = out;
    }

    // ---- what the client writes

    void open(byte[] credentials, int heartbeatWish) {
        out.accept(Frame.of(PROTOCOL_VERSION_3));
        write(
                FrameType.OPEN,
                new FieldWriter()
                        .bytes(client.keys.publicKey())
                        .u16(heartbeatWish)
                        .blob(credentials));
    }

    void resume(byte[] nonce, long received, long kept, boolean isTrue) {
        state = State.RESUMING;
        honest = isTrue;
        out.accept(Frame.of(PROTOCOL_VERSION_3));
        resume = new FieldWriter()
                .u8(FrameType.RESUME)
                .u64(client.id())
                .u64(received)
                .u64(kept)
                .bytes(nonce)
                .u16(0)
                .toBytes();
        out.accept(Frame.of(resume));
    }

    /** From now on data does not wait for Opened. */
    public void sendAhead() {
        if (state == State.OPENING && !sendsAhead) {
            sendsAhead = true;
            client.from(1).forEach(this::data);
        }
    }

    void data(byte[] payload) {
        write(FrameType.DATA, new FieldWriter().bytes(payload));
    }

    void write(int type, FieldWriter body) {
        out.accept(Frame.of(new FieldWriter().u8(type).bytes(body.toBytes()).toBytes()));
    }

    void leaves() {
        state = State.LEAVING;
    }

    // ---- what the server writes

    /** A frame has come. */
    public void frame(byte[] payload) {
        if (client.link() != this) {
            return; // the client has gone on to another link
        }
        client.unless(payload.length > 0, "a frame without a type");
        client.unless(state != State.CLOSED, "a frame behind Close");
        int type = payload[0] & 0xFF;
        FieldReader body = new FieldReader(Arrays.copyOfRange(payload, 1, payload.length));
        switch (type) {
            case FrameType.OPENED -> opened(body);
            case FrameType.CHALLENGE -> challenge(payload);
            case FrameType.RESUMED -> resumed(body);
            case FrameType.DATA -> {
                inSession(type);
                client.isReceived(body.rest());
            }
            case FrameType.ACK -> {
                inSession(type);
                client.isAcknowledged(body.count());
            }
            case FrameType.PONG -> {
                inSession(type);
                client.unless(body.rest().length <= MOST_PONG_BYTES, "a Pong that is too long");
            }
            case FrameType.GO_AWAY -> {
                inSession(type);
                client.watch.goesAway(body.u32());
            }
            case FrameType.CLOSE -> {
                state = State.CLOSED;
                closeCode = body.u16();
                client.watch.closed(this, closeCode, body.u32(), body.text());
            }
            default -> client.unless(type >= 0x40, "a frame of type " + Integer.toHexString(type));
        }
    }

    private void inSession(int type) {
        client.unless(isLive() || state == State.LEAVING, "a frame of type " + type + " while " + state);
    }

    private void opened(FieldReader body) {
        client.unless(state == State.OPENING, "Opened while " + state);
        byte[] serverKey = body.bytes(PROOF_BYTES);
        long id = body.u64();
        parameters(body);
        state = State.LIVE;
        client.isOpen(id, serverKey);
        if (!sendsAhead) {
            client.from(1).forEach(this::data);
        }
    }

    private void challenge(byte[] payload) {
        client.unless(state == State.RESUMING, "Challenge while " + state);
        client.unless(payload.length > PROOF_BYTES, "a short Challenge");
        state = State.PROVING;
        transcript = SessionProof.transcript(resume, payload);
        ofClient = client.proof().ofClient(transcript);
        write(FrameType.ANSWER, new FieldWriter().bytes(ofClient));
    }

    private void resumed(FieldReader body) {
        client.unless(state == State.PROVING, "Resumed while " + state);
        byte[] ofServer = body.bytes(PROOF_BYTES);
        byte[] behind = body.rest();
        client.unless(
                Arrays.equals(ofServer, client.proof().ofServer(transcript, ofClient, behind)),
                "the server's proof is wrong");
        FieldReader rest = new FieldReader(behind);
        long accepted = rest.count();
        parameters(rest);
        client.unless(honest, "resumed though it claimed what is not true");
        state = State.LIVE;
        client.isResumed(accepted);
        client.from(accepted + 1).forEach(this::data);
    }

    private void parameters(FieldReader body) {
        heartbeatSecs = body.u16();
        largestPayload = body.u32();
        waitSecs = body.u32();
        client.unless(heartbeatSecs > 0, "a heartbeat of 0");
    }

    // ---- what is known of it

    boolean mayWriteData() {
        return state == State.LIVE || state == State.OPENING && sendsAhead;
    }

    public boolean isLive() {
        return state == State.LIVE;
    }

    /** Leave was sent on it, and no Close has come. */
    public boolean isLeaving() {
        return state == State.LEAVING;
    }

    public boolean isClosed() {
        return state == State.CLOSED;
    }

    /** The code of Close; 0 if none has come. */
    public int closeCode() {
        return closeCode;
    }

    /** The heartbeat that the server has set, in seconds; 0 before it has. */
    public int heartbeatSecs() {
        return heartbeatSecs;
    }

    /** Bytes of the largest payload that the client may send. */
    public long largestPayload() {
        return largestPayload;
    }

    /** Seconds for which a lost session waits. */
    public long waitSecs() {
        return waitSecs;
    }

    @Override
    public String toString() {
        return client + ", " + state;
    }
}
