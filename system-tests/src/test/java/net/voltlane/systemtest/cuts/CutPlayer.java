package net.voltlane.systemtest.cuts;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.Frame;
import net.voltlane.testkit.Bytes;
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

    private final PeerLoop loop;
    private final InetSocketAddress server;
    private final int number;
    private final Random random;
    private final ClientKeys keys = new ClientKeys();
    private final CutStage stage;

    private CountedClient client;
    private @Nullable PeerSocket socket;
    private int attempt;
    private List<byte[]> up = new ArrayList<>();
    private List<byte[]> down = new ArrayList<>();
    private long arrived;
    private long lastAck;
    private long lastConnect;
    private int resumes;
    private boolean isLeaving;

    CutPlayer(CutStage stage, PeerLoop loop, InetSocketAddress server, int number, long seed) {
        this.stage = stage;
        this.loop = loop;
        this.server = server;
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

    /** True if these bytes begin with the name of this player's present session, or an earlier one. */
    boolean isNamedBy(byte[] bytes) {
        return bytes.length >= Frame.PREFIX_BYTES && Frame.length(bytes, 0) == number;
    }

    // ---- links

    /** Gives up its session, and begins another one. */
    void begins() {
        renew();
        cut();
    }

    private void renew() {
        attempt++;
        up = new ArrayList<>();
        down = new ArrayList<>();
        arrived = 0;
        client = newClient();
    }

    /** The stage is over: it may be told so. */
    void leaves() {
        isLeaving = true;
        cut();
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
        PeerSocket next = loop.connect(server);
        socket = next;
        if (client.id() == 0 && client.link() != null) {
            renew(); // what was sent ahead belongs to a session that nobody can resume
        }
        CountedClientLink link;
        if (client.id() == 0) {
            link = client.open(next::write, label(), 0);
        } else {
            resumes++;
            byte[] nonce = new byte[NONCE_BYTES];
            random.nextBytes(nonce);
            link = client.resume(next::write, nonce);
        }
        next.onFrame(link::frame);
    }

    /** Does what is to be done now and then: comes back, acknowledges. */
    void tick() {
        long now = System.nanoTime();
        if ((socket == null || socket.isOver()) && now - lastConnect >= RETRY_NANOS) {
            connect();
        }
        if (now - lastAck >= ACK_NANOS) {
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
        up.add(payload);
        client.send(payload);
    }

    @Override
    public void received(long at, byte[] payload) {
        expect(down, at, payload, "its client");
        if (client.received() + 1 - client.told() > ACK_FRAMES) {
            lastAck = 0;
        }
    }

    @Override
    public void acknowledged(long at) {
        if (at > arrived && stage.acknowledgedMeansArrived()) {
            throw new AssertionError(client + ": #" + at + " is acknowledged, and " + arrived + " have arrived");
        }
    }

    @Override
    public void closed(CountedClientLink link, int code, long retryAfterMillis, String text) {
        if (code != 12 && code != 13) {
            throw new AssertionError(client + " was closed: " + code + " " + text);
        }
    }

    // ---- what the backend gets

    void arrives(long at, byte[] payload) {
        if (belongs(payload)) {
            expect(up, at, payload, "the backend");
            arrived = at;
        }
    }

    private boolean belongs(byte[] payload) {
        return Arrays.equals(Arrays.copyOf(payload, 8), label());
    }

    void sentDown(byte[] payload) {
        if (belongs(payload)) {
            down.add(payload);
        }
    }

    void isEnded(long id, int code, String reason) {
        if (id == client.id() && !isLeaving) {
            throw new AssertionError(client + " has ended: " + code + " " + reason);
        }
    }

    void isDelivered(long id, long at) {
        if (id == client.id() && at > client.told()) {
            throw new AssertionError(client + ": #" + at + " is delivered, and " + client.told() + " acknowledged");
        }
    }

    private void expect(List<byte[]> sent, long at, byte[] payload, String who) {
        if (at > sent.size() || !Arrays.equals(sent.get((int) at - 1), payload)) {
            throw new AssertionError(client + ": " + who + " got " + (at > sent.size() ? "more" : "other data")
                    + " at #" + at + " of " + sent.size());
        }
    }

    // ---- what it knows

    long id() {
        return client.id();
    }

    boolean isLive() {
        return client.isLive() && socket != null && !socket.isOver();
    }

    /** Both ends have got all, and all is acknowledged. */
    boolean isSettled() {
        return isLive()
                && arrived == up.size()
                && client.acknowledged() == up.size()
                && client.received() == down.size()
                && down.size() == up.size()
                && client.told() == client.received();
    }

    int resumes() {
        return resumes;
    }

    int sent() {
        return up.size();
    }

    @Override
    public String toString() {
        return client + ", sent " + up.size() + ", arrived " + arrived + ", acknowledged " + client.acknowledged()
                + ", sent down " + down.size() + ", received " + client.received() + ", live " + isLive();
    }
}
