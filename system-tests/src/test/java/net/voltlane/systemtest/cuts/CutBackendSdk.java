package net.voltlane.systemtest.cuts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import net.voltlane.backend.BackendOptions;
import net.voltlane.backend.BackendTls;
import net.voltlane.backend.ClientInfo;
import net.voltlane.backend.EndReason;
import net.voltlane.backend.Handler;
import net.voltlane.backend.Session;
import net.voltlane.backend.VoltlaneBackend;
import org.jspecify.annotations.Nullable;

/** The backend SDK with an echo. What its handler is told, the stage's thread hears later. */
final class CutBackendSdk implements CutBackend, Handler {
    private final CutSessions sessions;
    private final VoltlaneBackend backend;
    private final Queue<Runnable> news = new ConcurrentLinkedQueue<>();
    /** The handler returns from nothing before this. */
    private volatile CountDownLatch held = new CountDownLatch(0);

    /**
     * @param players finds a player by its credentials
     * @param tls null: without
     */
    CutBackendSdk(Function<byte[], @Nullable CutPlayer> players, @Nullable BackendTls tls) {
        sessions = new CutSessions(players);
        try {
            backend = VoltlaneBackend.listen(
                    new InetSocketAddress("127.0.0.1", 0),
                    this,
                    BackendOptions.DEFAULT.withMaxFirehoses(64).withTls(tls));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void opened(Session session, ClientInfo client) {
        byte[] credentials = client.credentials();
        news.add(() -> sessions.opened(session.id(), credentials == null ? new byte[0] : credentials));
    }

    @Override
    public void data(Session session, byte[] data) {
        awaitRelease();
        long number = session.received();
        news.add(() -> {
            CutPlayer player = sessions.player(session.id());
            player.arrives(number, data);
            player.sentDown(data);
        });
        session.send(data);
    }

    private void awaitRelease() {
        try {
            held.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Has the server tell who is slow. */
    @Override
    public void slow(Session session, long bytes) {
        news.add(() -> sessions.player(session.id()));
    }

    @Override
    public void delivered(Session session, long count) {
        news.add(() -> sessions.player(session.id()).isDelivered(session.id(), count));
    }

    @Override
    public void ended(Session session, EndReason reason) {
        news.add(() -> sessions.ended(session.id(), reason.code(), reason.text()));
    }

    @Override
    public void failed(@Nullable Session session, Throwable error) {
        news.add(() -> {
            throw new AssertionError("the backend's handler has failed", error);
        });
    }

    @Override
    public InetSocketAddress address() {
        return backend.address();
    }

    @Override
    public void tick() {
        for (Runnable each = news.poll(); each != null; each = news.poll()) {
            each.run();
        }
    }

    @Override
    public boolean isSettled() {
        return news.isEmpty();
    }

    @Override
    public boolean knows(CutPlayer player) {
        return backend.session(player.id()) != null;
    }

    @Override
    public void kick(CutPlayer player, String text) {
        Session session = backend.session(player.id());
        if (session != null) {
            session.kick(text);
        }
    }

    @Override
    public void ping() {
        throw new UnsupportedOperationException("the SDK sends signs of life by itself");
    }

    @Override
    public void holdsBack(boolean on) {
        held.countDown();
        held = new CountDownLatch(on ? 1 : 0);
    }

    @Override
    public void close() {
        holdsBack(false);
        backend.close();
    }
}
