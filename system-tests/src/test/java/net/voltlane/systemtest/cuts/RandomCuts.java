package net.voltlane.systemtest.cuts;

import java.util.List;
import java.util.Random;
import net.voltlane.testkit.Direction;
import net.voltlane.testkit.cuts.Cut;
import org.jspecify.annotations.Nullable;

/**
 * A server all of whose links are cut at random bytes, again and again, while players and backend talk. Now and then
 * everything heals, and both ends have to be even.
 */
final class RandomCuts implements Runnable {
    private static final int PLAYERS = 10;
    private static final int CUTS_IN_A_ROUND = 300;
    private static final int MOST_UNDER_WAY = 12;
    private static final int SMALL_BYTES = 60;
    private static final int LARGE_BYTES = 1_000;
    private static final int CLIENT_LINK_BYTES = 600;
    /** Most links are longer than a large packet: a link that never takes one whole would bring nothing forward. */
    private static final int FIREHOSE_BYTES = 6_000;
    /** Client links live longer where firehoses are cut as well: a server waits before it dials anew. */
    private static final int LONGER = 2;

    private static final int PATIENCE_SECS = 3_600;

    private final CutBackend.Kind backend;
    private final long seed;
    private final int cuts;
    private final Random random;
    private long clientCuts;
    private long firehoseCuts;
    private long packets;
    private long nanos;

    RandomCuts(CutBackend.Kind backend, long seed, int cuts) {
        this.backend = backend;
        this.seed = seed;
        this.cuts = cuts;
        random = new Random(seed);
    }

    @Override
    public void run() {
        long begin = System.nanoTime();
        try (CutStage stage = new CutStage(
                backend, seed, config -> config.withMaster(config.master().withReconnectTimeoutSecs(PATIENCE_SECS)))) {
            List<CutPlayer> players = stage.players(PLAYERS);
            stage.settle("the players are there");
            while (clientCuts + firehoseCuts < cuts) {
                round(stage, players);
            }
            packets = players.stream().mapToLong(CutPlayer::sent).sum();
            nanos = System.nanoTime() - begin;
        } catch (AssertionError e) {
            throw new AssertionError("server with backend " + backend + ", seed " + seed + ": " + e.getMessage(), e);
        }
    }

    private void round(CutStage stage, List<CutPlayer> players) {
        long goal = Math.min(cuts, clientCuts + firehoseCuts + CUTS_IN_A_ROUND);
        int clientLinkBytes = backend.version() == 3 ? LONGER * CLIENT_LINK_BYTES : CLIENT_LINK_BYTES;
        players.forEach(player -> player.relay().cutEach(() -> somewhere(clientLinkBytes)));
        players.forEach(CutPlayer::cut);
        if (backend.version() == 3) {
            stage.firehose().cutEach(() -> somewhere(FIREHOSE_BYTES));
            stage.firehose().reset();
        }
        stage.run("the links are cut", () -> {
            talk(players);
            count(stage, players);
            return clientCuts + firehoseCuts >= goal;
        });
        players.forEach(player -> player.relay().cutEach(() -> null));
        stage.firehose().cutEach(() -> null);
        stage.settle("both ends have got all");
        count(stage, players);
    }

    /** Short links are as frequent as long ones. */
    private @Nullable Cut somewhere(int mostBytes) {
        Direction direction = random.nextBoolean() ? Direction.OUT : Direction.BACK;
        int bytes = 1 + random.nextInt(1 + random.nextInt(mostBytes));
        return Cut.behind(direction, bytes, random.nextBoolean() ? Cut.How.RESET : Cut.How.HALF_CLOSE);
    }

    private void talk(List<CutPlayer> players) {
        for (CutPlayer player : players) {
            if (player.underWay() < MOST_UNDER_WAY && random.nextInt(4) == 0) {
                player.send(random.nextInt(random.nextInt(20) == 0 ? LARGE_BYTES : SMALL_BYTES));
            }
        }
    }

    private void count(CutStage stage, List<CutPlayer> players) {
        clientCuts = players.stream()
                .mapToLong(player -> player.relay().cuts().size())
                .sum();
        firehoseCuts = stage.firehose().cuts().size();
    }

    long clientCuts() {
        return clientCuts;
    }

    long firehoseCuts() {
        return firehoseCuts;
    }

    /** The number of packets that the players have sent. */
    long packets() {
        return packets;
    }

    @Override
    public String toString() {
        return backend + ": " + clientCuts + " cuts of client links, " + firehoseCuts + " of firehoses, " + packets
                + " packets, " + nanos / 1_000_000_000 + " s";
    }
}
