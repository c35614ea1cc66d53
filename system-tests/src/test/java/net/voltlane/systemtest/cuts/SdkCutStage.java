package net.voltlane.systemtest.cuts;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import net.voltlane.backend.BackendOptions;
import net.voltlane.backend.ClientInfo;
import net.voltlane.backend.EndReason;
import net.voltlane.backend.Handler;
import net.voltlane.backend.Session;
import net.voltlane.backend.VoltlaneBackend;
import net.voltlane.client.Protocol;
import net.voltlane.client.VoltlaneClient;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.cuts.CutRelay;
import net.voltlane.testkit.cuts.LinkKind;
import net.voltlane.testkit.version3.PeerLoop;

/**
 * Clients of the SDK, a server, and an echo of the backend SDK, with a relay for each client. Both ends hold that packets are
 * numbered without a gap. It belongs to one thread, which serves the relays; what waits runs on others.
 */
final class SdkCutStage implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int PACKET_BYTES = 20;

    /** A client, behind a relay of its own. */
    final class Peer {
        final CutRelay relay = new CutRelay(loop, address, LinkKind.CLIENT);
        final VoltlaneClient client;
        private final AtomicInteger received = new AtomicInteger();
        private int sent;

        private Peer() {
            client = get(
                    "a client connects",
                    () -> VoltlaneClient.builder("127.0.0.1", relay.address().getPort())
                            .protocol(Protocol.V3)
                            .backoff(Duration.ofMillis(1), Duration.ofMillis(5))
                            .closeTimeout(LIMIT)
                            .onData((from, packet) -> expect("a client", received.getAndIncrement(), packet))
                            .connect());
        }

        void send() {
            try {
                client.send(Bytes.numbered(sent++, PACKET_BYTES));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        int sent() {
            return sent;
        }

        /** Its packets have come, and their echoes. */
        boolean hasAll() {
            return received.get() == sent && arrived(client.sessionId()) == sent;
        }
    }

    /** The backend's program. */
    private final class Echo implements Handler {
        @Override
        public void opened(Session session, ClientInfo client) {
            if (arrived.putIfAbsent(session.id(), new AtomicInteger()) != null) {
                failure.compareAndSet(null, new AssertionError("session " + session.id() + " is opened twice"));
            }
        }

        @Override
        public void data(Session session, byte[] data) {
            expect("the backend", arrived.get(session.id()).getAndIncrement(), data);
            session.send(data);
        }

        @Override
        public void ended(Session session, EndReason reason) {
            if (ended.putIfAbsent(session.id(), reason) != null) {
                failure.compareAndSet(null, new AssertionError("session " + session.id() + " ends twice"));
            }
        }
    }

    private final PeerLoop loop = new PeerLoop();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<Long, AtomicInteger> arrived = new ConcurrentHashMap<>();
    private final Map<Long, EndReason> ended = new ConcurrentHashMap<>();
    private final AtomicReference<AssertionError> failure = new AtomicReference<>();
    private final VoltlaneBackend backend;
    private final VoltlaneServer server;
    private final InetSocketAddress address;

    SdkCutStage() throws Exception {
        backend = VoltlaneBackend.listen(new InetSocketAddress("127.0.0.1", 0), new Echo(), BackendOptions.DEFAULT);
        ServerConfig config = ServerConfig.defaults();
        server = VoltlaneServer.start(config.withListener(config.listener()
                        .withAddress(new Address("127.0.0.1", 0))
                        .withThreads(1)
                        .withKeyFile(""))
                .withMaster(config.master()
                        .withProtocol(3)
                        .withAddress(new Address("127.0.0.1", backend.address().getPort()))));
        address = server.listening().toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private void expect(String who, int number, byte[] packet) {
        if (Bytes.number(packet) != number) {
            failure.compareAndSet(
                    null, new AssertionError(who + " got packet " + Bytes.number(packet) + " as number " + number));
        }
    }

    Peer peer() {
        return new Peer();
    }

    /** The number of packets that have come of a session. */
    int arrived(long session) {
        AtomicInteger count = arrived.get(session);
        return count == null ? 0 : count.get();
    }

    /** True if the backend was told that a session is over. */
    boolean hasEnded(long session) {
        return ended.containsKey(session);
    }

    /** Serves the relays until a condition holds. */
    void run(String what, BooleanSupplier until) {
        loop.run(what, LIMIT, () -> {
            AssertionError found = failure.get();
            if (found != null) {
                throw found;
            }
            return until.getAsBoolean();
        });
    }

    /** Begins what waits for something. */
    <T> Future<T> begin(Callable<T> what) {
        return threads.submit(what);
    }

    /** Serves the relays until something is done. */
    <T> T get(String what, Callable<T> task) {
        Future<T> future = begin(task);
        run(what, future::isDone);
        try {
            return future.get();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(what, e);
        }
    }

    @Override
    public void close() {
        server.stop();
        run("the server has ended", () -> server.ended().toCompletableFuture().isDone());
        backend.close();
        loop.close();
        threads.shutdownNow();
    }
}
