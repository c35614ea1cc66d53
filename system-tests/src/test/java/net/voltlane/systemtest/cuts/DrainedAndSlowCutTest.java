package net.voltlane.systemtest.cuts;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import net.voltlane.protocol.link3.FrameType;
import net.voltlane.testkit.Direction;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.cuts.Cut;
import net.voltlane.testkit.cuts.LinkKind;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Client links that are cut at every byte while the backend holds everybody up, or while the server drains. */
@Timeout(120)
@ExtendWith(LeakCheck.class)
final class DrainedAndSlowCutTest {
    private static final int PACKET_BYTES = 20;
    /** The bytes of a resume, in the direction with more of them. */
    private static final int RESUME_BYTES = 115;

    private static final int GO_AWAY_BYTES = 9;
    private static final int PLAYERS = 24;
    private static final int CHANNEL_CAPACITY = 16;

    private static Deque<Cut> everyByteOfAResume() {
        Deque<Cut> places = new ArrayDeque<>();
        for (int at = 1; at <= RESUME_BYTES; at++) {
            places.add(Cut.behind(Direction.OUT, at, Cut.How.values()[at % 2]));
            places.add(Cut.behind(Direction.BACK, at, Cut.How.values()[(at + 1) % 2]));
        }
        return places;
    }

    /** The backend acknowledges nothing, so that the server reads no client: what was sent waits on all of the way. */
    @ParameterizedTest
    @EnumSource(
            value = CutBackend.Kind.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"VERSION_2", "SDK_TLS"})
    void whileTheBackendIsSlow(CutBackend.Kind backend) {
        Deque<Cut> places = everyByteOfAResume();
        try (CutStage stage = new CutStage(
                backend, 3, config -> config.withMaster(config.master().withChannelCapacity(CHANNEL_CAPACITY)))) {
            List<CutPlayer> players = stage.players(PLAYERS);
            players.forEach(player -> player.send(PACKET_BYTES));
            stage.settle("the players are there");
            stage.backend().holdsBack(true);
            while (!places.isEmpty()) {
                for (CutPlayer player : players) {
                    player.send(PACKET_BYTES);
                    player.cut();
                    if (!places.isEmpty()) {
                        player.relay().cutNext(places.remove());
                    }
                }
                stage.run("the players are back", () -> players.stream().allMatch(CutPlayer::isLive));
            }
            stage.backend().holdsBack(false);
            stage.settle("both ends have got all");
            Coverage coverage = new Coverage(LinkKind.CLIENT);
            players.forEach(player -> coverage.add(player.relay().cuts()));
            coverage.isWholeFor(Direction.OUT, LinkKind.VERSION, FrameType.RESUME, FrameType.ANSWER);
            coverage.isWholeFor(Direction.BACK, FrameType.CHALLENGE, FrameType.RESUMED);
        }
    }

    /**
     * Clients are asked to come back, and their links are cut in the request, or in the resume that follows if their sessions
     * are still there. Each session ends once, and what had been acknowledged had arrived.
     */
    @ParameterizedTest
    @EnumSource(
            value = CutBackend.Kind.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"VERSION_2", "SDK_TLS"})
    void whileTheServerDrains(CutBackend.Kind backend) {
        Deque<Cut> places = everyByteOfAResume();
        try (CutStage stage = new CutStage(backend, 4)) {
            List<CutPlayer> asked = stage.players(2 * GO_AWAY_BYTES);
            List<CutPlayer> all = new ArrayList<>(asked);
            all.addAll(stage.players(places.size()));
            all.forEach(player -> player.send(PACKET_BYTES));
            stage.settle("the players are there");
            for (int i = 0; i < asked.size(); i++) {
                Cut.How how = Cut.How.values()[i % 2];
                asked.get(i).relay().cut(new Cut(Direction.BACK, FrameType.GO_AWAY, 1 + i / 2, how));
            }
            for (CutPlayer player : all) {
                player.expectsEnd();
                player.holdsBack(true);
                player.send(PACKET_BYTES);
            }
            all.subList(asked.size(), all.size())
                    .forEach(player -> player.relay().cutNext(places.remove()));
            stage.server().drain(Duration.ofSeconds(3));
            stage.run("all sessions have ended", () -> all.stream().allMatch(CutPlayer::isEnded));
            Coverage coverage = new Coverage(LinkKind.CLIENT);
            all.forEach(player -> coverage.add(player.relay().cuts()));
            coverage.isWholeFor(Direction.BACK, FrameType.GO_AWAY);
        }
    }
}
