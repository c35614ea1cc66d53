package net.voltlane.systemtest.cuts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import net.voltlane.protocol.link3.FrameType;
import net.voltlane.testkit.Direction;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.cuts.Cut;
import net.voltlane.testkit.cuts.LinkKind;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every byte of a client's link may be its last one: of each handshake, of data and of acknowledgements, in either direction,
 * by a reset and by a FIN. Both ends get all, and nothing twice.
 */
@Timeout(120)
@ExtendWith(LeakCheck.class)
final class ClientCutTest {
    private static final int PLAYERS = 24;
    private static final int PACKETS = 3;
    private static final int PACKET_BYTES = 20;
    /** The bytes of a resume, of {@link #PACKETS} packets and their acknowledgements: more than there are. */
    private static final int ROUND_BYTES = 220;
    /** The bytes of an opening and of what follows at once. */
    private static final int OPENING_BYTES = 100;

    private static final int ACK_BYTES = 13;

    private final Coverage coverage = new Coverage(LinkKind.CLIENT);

    private static void round(CutStage stage, List<CutPlayer> players) {
        for (int i = 0; i < PACKETS; i++) {
            players.forEach(player -> player.send(PACKET_BYTES));
        }
        // Their acknowledgements may take a second: the last round waits for them.
        stage.run("both ends have got all", () -> players.stream().allMatch(CutPlayer::hasAll));
    }

    /** Cuts a new link of some player at each of these places, many at a time. */
    private void cuts(CutStage stage, Deque<Cut> places, Consumer<CutPlayer> begin) {
        List<CutPlayer> players = stage.players(PLAYERS);
        stage.run("the players are there", () -> players.stream().allMatch(CutPlayer::isLive));
        round(stage, players);
        while (!places.isEmpty()) {
            List<CutPlayer> some = players.subList(0, Math.min(places.size(), players.size()));
            Map<CutPlayer, Integer> before = new HashMap<>();
            // A late cut may have made a player dial: the relay would take that link for the next one.
            stage.run("the players are there", () -> some.stream().allMatch(CutPlayer::isLive));
            for (CutPlayer player : some) {
                begin.accept(player);
                Cut place = places.remove();
                player.relay().cutNext(place);
                if (place.type() == FrameType.ACK) {
                    before.put(player, cuts(player));
                }
            }
            stage.run("the players are there", () -> some.stream().allMatch(CutPlayer::isLive));
            round(stage, some);
            stage.run(
                    "acknowledgements are cut",
                    () -> before.keySet().stream().allMatch(player -> cuts(player) > before.get(player)));
        }
        stage.settle("all is acknowledged");
        players.forEach(player -> coverage.add(player.relay().cuts()));
    }

    private static int cuts(CutPlayer player) {
        return player.relay().cuts().size();
    }

    /** Every byte by a reset and by a FIN; but in turn with backends that judge less. */
    private static Deque<Cut> everyByte(CutBackend.Kind backend, Direction direction, int bytes) {
        Deque<Cut> places = new ArrayDeque<>();
        for (int at = 1; at <= bytes; at++) {
            for (Cut.How how : Cut.How.values()) {
                if (backend == CutBackend.Kind.VERSION_3 || at % 2 == how.ordinal()) {
                    places.add(Cut.behind(direction, at, how));
                }
            }
        }
        return places;
    }

    @ParameterizedTest
    @EnumSource(value = CutBackend.Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "SDK_TLS")
    void aLinkIsCutAtEveryByteOfAResumeAndOfData(CutBackend.Kind backend) {
        Deque<Cut> places = new ArrayDeque<>();
        for (Direction direction : Direction.values()) {
            places.addAll(everyByte(backend, direction, ROUND_BYTES));
            for (Cut.How how : Cut.How.values()) { // where acknowledgements lie differs
                for (int at = 1; at <= ACK_BYTES; at++) {
                    places.add(new Cut(direction, FrameType.ACK, at, how));
                }
            }
        }
        int count = places.size();
        try (CutStage stage = new CutStage(backend, 1)) {
            cuts(stage, places, CutPlayer::cut);
        }
        coverage.isWholeFor(
                Direction.OUT, LinkKind.VERSION, FrameType.RESUME, FrameType.ANSWER, FrameType.DATA, FrameType.ACK);
        coverage.isWholeFor(Direction.BACK, FrameType.CHALLENGE, FrameType.RESUMED, FrameType.DATA, FrameType.ACK);
        assertThat(coverage.count()).isBetween(count * 3L / 4, (long) count); // some places lie behind the last byte
    }

    @ParameterizedTest
    @EnumSource(
            value = CutBackend.Kind.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"VERSION_2", "SDK_TLS"})
    void aLinkIsCutAtEveryByteOfItsOpening(CutBackend.Kind backend) {
        Deque<Cut> places = new ArrayDeque<>();
        for (Direction direction : Direction.values()) {
            places.addAll(everyByte(backend, direction, OPENING_BYTES));
        }
        try (CutStage stage = new CutStage(backend, 2)) {
            cuts(stage, places, CutPlayer::begins);
        }
        coverage.isWholeFor(Direction.OUT, LinkKind.VERSION, FrameType.OPEN);
        coverage.isWholeFor(Direction.BACK, FrameType.OPENED);
    }
}
