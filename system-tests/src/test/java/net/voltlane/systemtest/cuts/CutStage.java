package net.voltlane.systemtest.cuts;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import net.voltlane.backend.BackendTls;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.testkit.cuts.CutPlace;
import net.voltlane.testkit.cuts.CutRelay;
import net.voltlane.testkit.cuts.LinkKind;
import net.voltlane.testkit.version3.PeerLoop;
import org.jspecify.annotations.Nullable;

/** A server between players and a backend, with relays on both sides of it. It belongs to one thread. */
final class CutStage implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    /** The most players and cuts that an error message tells of. */
    private static final int MOST_TOLD = 5;

    private final PeerLoop loop = new PeerLoop();
    private final CutBackend.Kind kind;
    private final CutBackend backend;
    private final CutRelay firehose;
    private final VoltlaneServer server;
    private final List<CutPlayer> players = new ArrayList<>();
    private final long seed;

    CutStage(CutBackend.Kind kind, long seed) {
        this(kind, seed, UnaryOperator.identity());
    }

    /** @param settings changes the server's settings */
    CutStage(CutBackend.Kind kind, long seed, UnaryOperator<ServerConfig> settings) {
        this(kind, seed, settings, CutTls.INSTANCE.backend);
    }

    /** A stage with the SDK and TLS, where each link of the firehose begins a TLS session of its own. */
    static CutStage withFullHandshakes(long seed) {
        return new CutStage(CutBackend.Kind.SDK_TLS, seed, UnaryOperator.identity(), CutTls.INSTANCE.forgetful);
    }

    private CutStage(CutBackend.Kind kind, long seed, UnaryOperator<ServerConfig> settings, BackendTls tls) {
        this.kind = kind;
        this.seed = seed;
        backend = switch (kind) {
            case VERSION_2 -> new CutBackend2(loop, this::playerOf);
            case VERSION_3 -> new CutBackend3(loop, seed, this::playerOf);
            case SDK -> new CutBackendSdk(this::playerOf, null);
            case SDK_TLS -> new CutBackendSdk(this::playerOf, tls);
        };
        boolean isTls = kind == CutBackend.Kind.SDK_TLS;
        firehose = new CutRelay(loop, backend.address(), isTls ? LinkKind.TLS : LinkKind.FIREHOSE);
        ServerConfig config = ServerConfig.defaults();
        server = VoltlaneServer.start(settings.apply(config.withListener(config.listener()
                        .withAddress(new Address("127.0.0.1", 0))
                        .withThreads(1)
                        .withKeyFile(""))
                .withMaster(config.master()
                        .withProtocol(kind.version())
                        .withTls(isTls)
                        .withCa(isTls ? CutTls.INSTANCE.ca.toString() : "")
                        .withAddress(new Address("127.0.0.1", firehose.address().getPort())))));
        run("the server listens", () -> server.listening().toCompletableFuture().isDone());
    }

    /** The server's own address. */
    InetSocketAddress listening() {
        return server.listening()
                .toCompletableFuture()
                .orTimeout(1, TimeUnit.SECONDS)
                .join();
    }

    private @Nullable CutPlayer playerOf(byte[] name) {
        int number = CutPlayer.numberIn(name);
        return number >= 1 && number <= players.size() ? players.get(number - 1) : null;
    }

    /** Another player, with a relay of its own. */
    CutPlayer player() {
        CutRelay relay = new CutRelay(loop, listening(), LinkKind.CLIENT);
        CutPlayer player = new CutPlayer(this, loop, relay, players.size() + 1, seed + players.size());
        players.add(player);
        return player;
    }

    List<CutPlayer> players(int count) {
        List<CutPlayer> added = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            added.add(player());
        }
        return added;
    }

    PeerLoop loop() {
        return loop;
    }

    VoltlaneServer server() {
        return server;
    }

    /** The relay between server and backend. */
    CutRelay firehose() {
        return firehose;
    }

    CutBackend backend() {
        return backend;
    }

    /** True if the backend has seen what the server acknowledges. With firehose 2 it may be under way. */
    boolean acknowledgedMeansArrived() {
        return kind.version() == 3;
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
            throw new AssertionError(e.getMessage() + unsettled(), e);
        }
    }

    private String unsettled() {
        List<CutPlayer> all =
                players.stream().filter(player -> !player.isSettled()).toList();
        List<CutPlace> cuts = firehose.cuts();
        return "; unsettled " + all.size() + ", such as "
                + all.subList(0, Math.min(MOST_TOLD, all.size())) + "; last cuts of the firehose "
                + cuts.subList(Math.max(0, cuts.size() - MOST_TOLD), cuts.size());
    }

    /** Serves everybody until both ends have got all. */
    void settle(String what) {
        run(what, () -> backend.isSettled() && players.stream().allMatch(CutPlayer::isSettled));
    }

    @Override
    public void close() {
        players.forEach(CutPlayer::isDismissed);
        server.stop();
        try {
            loop.run(
                    "the server has ended",
                    LIMIT,
                    () -> { // its stop waits for the backend's acknowledgements
                        backend.tick();
                        return server.ended().toCompletableFuture().isDone();
                    });
        } finally {
            loop.close();
            backend.close();
        }
    }
}
