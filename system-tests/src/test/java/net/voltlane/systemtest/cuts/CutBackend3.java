package net.voltlane.systemtest.cuts;

import java.net.InetSocketAddress;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import net.voltlane.testkit.version3.BackendSession;
import net.voltlane.testkit.version3.CountedBackend;
import net.voltlane.testkit.version3.CountedBackendLink;
import net.voltlane.testkit.version3.PeerLoop;
import net.voltlane.testkit.version3.PeerSocket;
import org.jspecify.annotations.Nullable;

/** A backend of firehose 3. */
final class CutBackend3 implements CutBackend, CountedBackend.Watch {
    private static final int INSTANCE_BYTES = 16;
    private static final long PING_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long ACK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final InetSocketAddress address;
    private final CountedBackend backend;
    private final CutSessions sessions;
    private @Nullable PeerSocket socket;
    private boolean holdsBack;
    private long lastPing = System.nanoTime();
    private long lastAck = System.nanoTime();

    /** @param players finds a player by its credentials */
    CutBackend3(PeerLoop loop, long seed, Function<byte[], @Nullable CutPlayer> players) {
        sessions = new CutSessions(players);
        byte[] instance = new byte[INSTANCE_BYTES];
        new Random(seed).nextBytes(instance);
        instance[0] = 1;
        backend = new CountedBackend(instance, CountedBackend.WISHES_ALL, false, this);
        address = loop.listen(this::accepted);
    }

    private void accepted(PeerSocket next) {
        if (socket != null) {
            socket.reset();
        }
        socket = next;
        CountedBackendLink link = backend.accept(next::write);
        next.onFrame(link::packet);
    }

    @Override
    public void opened(BackendSession session, int flags, long nextUp, long nextDown) {
        sessions.opened(session.id(), session.attributes().getOrDefault("credentials", new byte[0]));
    }

    @Override
    public void data(BackendSession session, long number, byte[] payload) {
        CutPlayer player = sessions.player(session.id());
        player.arrives(number, payload);
        if (!holdsBack) {
            backend.acknowledge(); // before the answer, so that it rides along with that
        }
        if (!session.isOver()) {
            player.sentDown(payload);
            backend.send(session, payload);
        }
    }

    @Override
    public void ended(BackendSession session, int code, long taken, long delivered, String reason) {
        sessions.ended(session.id(), code, reason);
    }

    @Override
    public void delivered(BackendSession session, long number) {
        sessions.player(session.id()).isDelivered(session.id(), number);
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public void tick() {
        long now = System.nanoTime();
        if (now - lastAck >= ACK_NANOS && !holdsBack) {
            lastAck = now;
            backend.acknowledge();
        }
        if (now - lastPing >= PING_NANOS) {
            lastPing = now;
            ping();
        }
    }

    @Override
    public boolean isSettled() {
        return backend.acknowledged() == backend.sent() && backend.told() == backend.received();
    }

    @Override
    public boolean knows(CutPlayer player) {
        return backend.session(player.id()) != null;
    }

    @Override
    public void kick(CutPlayer player, String text) {
        BackendSession session = backend.session(player.id());
        if (session != null) {
            backend.kick(session, text);
        }
    }

    @Override
    public void ping() {
        backend.ping(new byte[4]);
    }

    @Override
    public void holdsBack(boolean on) {
        holdsBack = on;
    }
}
