package net.voltlane.systemtest.cuts;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.testkit.FaultRelay;
import net.voltlane.testkit.version3.PeerLoop;
import org.jspecify.annotations.Nullable;

/** A server between players and a backend, with a relay on both sides of it. It belongs to one thread. */
final class CutStage implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final PeerLoop loop = new PeerLoop();
    private final boolean firehose3;
    private final CutBackend backend;
    private final FaultRelay firehose;
    private final VoltlaneServer server;
    private final FaultRelay clients;
    private final List<CutPlayer> players = new ArrayList<>();
    private final long seed;

    CutStage(boolean firehose3, long seed) {
        this.firehose3 = firehose3;
        this.seed = seed;
        backend = firehose3 ? new CutBackend3(loop, seed, this::playerOf) : new CutBackend2(loop, this::playerOf);
        firehose = FaultRelay.to(backend.address());
        ServerConfig config = ServerConfig.defaults();
        server = VoltlaneServer.start(config.withListener(config.listener()
                        .withAddress(new Address("127.0.0.1", 0))
                        .withThreads(2)
                        .withKeyFile(""))
                .withMaster(config.master()
                        .withProtocol(firehose3 ? 3 : 2)
                        .withAddress(new Address("127.0.0.1", firehose.address().getPort()))));
        run("the server listens", () -> server.listening().toCompletableFuture().isDone());
        clients = FaultRelay.to(listening());
    }

    private InetSocketAddress listening() {
        return server.listening()
                .toCompletableFuture()
                .orTimeout(1, TimeUnit.SECONDS)
                .join();
    }

    private @Nullable CutPlayer playerOf(byte[] label) {
        return players.stream()
                .filter(player -> player.isNamedBy(label))
                .findAny()
                .orElse(null);
    }

    CutPlayer player() {
        CutPlayer player = new CutPlayer(this, loop, clients.address(), players.size() + 1, seed + players.size());
        players.add(player);
        return player;
    }

    /** The relay between players and server. */
    FaultRelay clients() {
        return clients;
    }

    /** The relay between server and backend. */
    FaultRelay firehose() {
        return firehose;
    }

    CutBackend backend() {
        return backend;
    }

    /** True if the backend has seen what the server acknowledges. With firehose 2 it may be under way. */
    boolean acknowledgedMeansArrived() {
        return firehose3;
    }

    /** Serves everybody until a condition holds. */
    void run(String what, BooleanSupplier until) {
        try {
            loop.run(what, LIMIT, () -> {
                players.forEach(CutPlayer::tick);
                backend.tick();
                return until.getAsBoolean();
            });
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "; " + players, e);
        }
    }

    /** Serves everybody until both ends have got all. */
    void settle(String what) {
        run(what, () -> backend.isSettled() && players.stream().allMatch(CutPlayer::isSettled));
    }

    @Override
    public void close() {
        players.forEach(CutPlayer::leaves);
        server.stop();
        loop.run(
                "the server has ended",
                LIMIT,
                () -> { // its stop waits for the backend's acknowledgements
                    backend.tick();
                    return server.ended().toCompletableFuture().isDone();
                });
        loop.close();
        clients.close();
        firehose.close();
    }
}
