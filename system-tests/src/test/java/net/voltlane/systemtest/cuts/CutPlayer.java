package net.voltlane.systemtest.cuts;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.Frame;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.cuts.CutRelay;
import net.voltlane.testkit.version3.ClientKeys;
import net.voltlane.testkit.version3.CountedClient;
import net.voltlane.testkit.version3.CountedClientLink;
import net.voltlane.testkit.version3.PeerLoop;
import net.voltlane.testkit.version3.PeerSocket;
import org.jspecify.annotations.Nullable;

/**
 * A client of a {@link CutStage} and the judge of its session: it comes back whenever its link is over, and holds what
 * either end gets against what the other has sent.
 */
final class CutPlayer implements CountedClient.Watch {
    private static final int NONCE_BYTES = 32;
    private static final long ACK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int ACK_FRAMES = 8;
    private static final int LABEL_BYTES = 8;

    private final PeerLoop loop;
    private final CutRelay relay;
    private final int number;
    private final Random random;
    private final ClientKeys keys = new ClientKeys();
    private final CutStage stage;

    private CountedClient client;
    private @Nullable PeerSocket socket;
    private int attempt;
    private Ledger up = new Ledger("the backend");
    private Ledger down = new Ledger("its client");
    /** Packets that it has sent in sessions that are over. */
    private long sentEarlier;

    private long lastAck;
    private long lastConnect;
    private boolean isLeaving;
    private boolean isEnded;
    /** Its session is over, and it was told. */
    private boolean isClosed;

    private boolean holdsBack;
    /** GoAway has come. */
    private boolean isAsked;

    /** @param number counted from 1; its name */
    CutPlayer(CutStage stage, PeerLoop loop, CutRelay relay, int number, long seed) {
        this.stage = stage;
        this.loop = loop;
        this.relay = relay;
        this.number = number;
        random = new Random(seed);
        client = newClient();
    }

    private CountedClient newClient() {
        return new CountedClient("player " + number + ", session " + attempt, keys, this);
    }

    /** Bytes that name this player and its session. */
    private byte[] label() {
        return Bytes.concat(Bytes.u32(number), Bytes.u32(attempt));
    }

    /** The number of the player whose name these bytes begin with; 0 if they are too short. */
    static int numberIn(byte[] bytes) {
        return bytes.length >= LABEL_BYTES ? Frame.length(bytes, 0) : 0;
    }

    /** The relay between this player and the server. */
    CutRelay relay() {
        return relay;
    }

    // ---- links

    /** Gives up its session, and begins another one. */
    void begins() {
        renew();
        cut();
    }

    private void renew() {
        attempt++;
        sentEarlier += up.sent();
        up = new Ledger("the backend");
        down = new Ledger("its client");
        isLeaving = false;
        isEnded = false;
        isClosed = false;
        client = newClient();
    }

    /** The stage is over: whatever it is told of its session is fine. */
    void isDismissed() {
        isLeaving = true;
        cut();
    }

    /** Ends its session. */
    void leaves() {
        isLeaving = true;
        client.leave();
    }

    /** Its session is about to be ended by somebody else. */
    void expectsEnd() {
        isLeaving = true;
    }

    /** Its session is over, and the backend was told. */
    boolean isEnded() {
        return isEnded;
    }

    /** From now on acknowledges nothing, or again all that it gets. */
    void holdsBack(boolean on) {
        holdsBack = on;
    }

    /** Resets its link, if it has one. */
    void cut() {
        if (socket != null) {
            socket.reset();
        }
        lastConnect = 0;
    }

    private void connect() {
        lastConnect = System.nanoTime();
        PeerSocket next = loop.connect(relay.address());
        socket = next;
        if (client.id() == 0 && client.link() != null) {
            renew(); // what was sent ahead belongs to a session that nobody can resume
        }
        CountedClientLink link;
        if (client.id() == 0) {
            link = client.open(next::write, label(), 0);
        } else {
            byte[] nonce = new byte[NONCE_BYTES];
            random.nextBytes(nonce);
            link = client.resume(next::write, nonce);
        }
        next.onFrame(link::frame);
    }

    /** Does what is to be done now and then: comes back, acknowledges. */
    void tick() {
        if (isEnded) {
            return;
        }
        long now = System.nanoTime();
        if (isAsked) {
            isAsked = false;
            cut();
        }
        if ((socket == null || socket.isOver()) && !isClosed && now - lastConnect >= RETRY_NANOS) {
            connect();
        }
        if (now - lastAck >= ACK_NANOS && !holdsBack) {
            lastAck = now;
            client.acknowledge();
        }
    }

    // ---- what it sends and gets

    void send(int bytes) {
        byte[] payload = new byte[Math.max(bytes, 16)];
        random.nextBytes(payload);
        byte[] label = label();
        System.arraycopy(label, 0, payload, 0, label.length);
        up.sent(payload);
        client.send(payload);
    }

    @Override
    public void received(long at, byte[] payload) {
        if (at > down.sent()) {
            stage.backend().tick(); // the SDK tells on a thread of its own
        }
        took(down, at, payload);
        if (client.received() - client.told() > ACK_FRAMES) {
            lastAck = 0;
        }
    }

    @Override
    public void acknowledged(long at) {
        if (at > up.arrived()) {
            stage.backend().tick();
        }
        if (at > up.arrived() && stage.acknowledgedMeansArrived()) {
            throw new AssertionError(client + ": #" + at + " is acknowledged, and " + up.arrived() + " have arrived");
        }
    }

    @Override
    public void closed(CountedClientLink link, int code, long retryAfterMillis, String text) {
        if (code != 12 && code != 13 && !isLeaving) {
            throw new AssertionError(client + " was closed: " + code + " " + text);
        }
        isClosed = isLeaving;
    }

    @Override
    public void goesAway(long withinMillis) {
        isAsked = true;
    }

    // ---- what the backend gets

    void arrives(long at, byte[] payload) {
        if (belongs(payload)) {
            took(up, at, payload);
        }
    }

    private boolean belongs(byte[] payload) {
        return Arrays.equals(Arrays.copyOf(payload, LABEL_BYTES), label());
    }

    void sentDown(byte[] payload) {
        if (belongs(payload)) {
            down.sent(payload);
        }
    }

    void isEnded(long id, int code, String reason) {
        if (id != client.id()) {
            return; // an earlier session, which was given up
        }
        if (!isLeaving) {
            throw new AssertionError(client + " has ended: " + code + " " + reason);
        }
        isEnded = true;
    }

    void isDelivered(long id, long at) {
        if (id == client.id() && at > client.told()) {
            throw new AssertionError(client + ": #" + at + " is delivered, and " + client.told() + " acknowledged");
        }
    }

    private void took(Ledger ledger, long at, byte[] payload) {
        try {
            ledger.arrived(at, payload);
        } catch (AssertionError e) {
            throw new AssertionError(client + ": " + e.getMessage(), e);
        }
    }

    // ---- what it knows

    long id() {
        return client.id();
    }

    boolean isLive() {
        return client.isLive() && socket != null && !socket.isOver();
    }

    /** Both ends have got all, and all is acknowledged; or the session is over, and all that was sent had arrived. */
    boolean isSettled() {
        if (isLeaving) {
            return isEnded && up.isEven();
        }
        return isLive()
                && up.isEven()
                && down.isEven()
                && down.sent() == up.sent()
                && client.acknowledged() == up.sent()
                && client.told() == client.received();
    }

    /** Both ends have got all, acknowledged or not. */
    boolean hasAll() {
        return isLive() && up.isEven() && down.isEven() && down.sent() == up.sent();
    }

    /** The number of packets that it has sent and that have not arrived. */
    long underWay() {
        return up.sent() - up.arrived();
    }

    /** The number of packets that it has sent, in all of its sessions. */
    long sent() {
        return sentEarlier + up.sent();
    }

    @Override
    public String toString() {
        return client + ", " + up + ", acknowledged " + client.acknowledged() + ", " + down + ", told " + client.told()
                + ", live " + isLive();
    }
}
