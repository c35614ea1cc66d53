package net.voltlane.systemtest.cuts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.voltlane.testkit.Direction;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Very many cuts on real sockets, at random bytes, with traffic in both directions: not in the gate. Properties:
 * {@code cuts.count}, how many. Run by {@code mvn -Pcuts verify -pl system-tests -am}.
 */
@Tag("cuts")
final class ManyCutsTest {
    private static final int CUTS = Integer.getInteger("cuts.count", 100_000);
    private static final int PLAYERS = 24;
    private static final int LARGEST_BYTES = 3_000;
    private static final int BYTES_UNTIL_CUT = 4_000;

    @Test
    void clientLinksAreCutAtAnyByte() {
        for (boolean firehose3 : new boolean[] {true, false}) {
            Seeds.run(seed -> clientLinks(firehose3, seed, CUTS / 2));
        }
    }

    private static void clientLinks(boolean firehose3, long seed, int cuts) {
        Random random = new Random(seed);
        try (CutStage stage = new CutStage(firehose3, seed)) {
            List<CutPlayer> players = new ArrayList<>();
            for (int i = 0; i < PLAYERS; i++) {
                players.add(stage.player());
            }
            stage.run("all are there", () -> players.stream().allMatch(CutPlayer::isLive));
            int done = 0;
            while (done < cuts) {
                int before = resumes(players);
                for (Direction direction : Direction.values()) {
                    stage.clients().cutAfter(direction, 1 + random.nextInt(BYTES_UNTIL_CUT));
                }
                for (CutPlayer player : players) {
                    for (int n = random.nextInt(4); n > 0; n--) {
                        player.send(random.nextInt(random.nextInt(20) == 0 ? LARGEST_BYTES : 60));
                    }
                    if (random.nextBoolean()) {
                        player.cut();
                    }
                }
                int goal = before + PLAYERS / 2;
                stage.run("some have come back", () -> resumes(players) >= goal);
                if (random.nextInt(10) == 0) {
                    stage.settle("both ends have got all");
                }
                done = resumes(players);
            }
            stage.settle("both ends have got all");
            long sent = players.stream().mapToLong(CutPlayer::sent).sum();
            System.out.printf(
                    "client link 3 on firehose %d, seed %d: %d cuts, %d packets each way: lost 0, twice 0%n",
                    firehose3 ? 3 : 2, seed, done, sent);
            assertThat(done).isGreaterThanOrEqualTo(cuts);
        }
    }

    private static int resumes(List<CutPlayer> players) {
        return players.stream().mapToInt(CutPlayer::resumes).sum();
    }

    @Test
    void firehosesAreCutAtEveryByte() {
        int bytes = 600;
        for (Direction direction : Direction.values()) {
            java.util.stream.IntStream.rangeClosed(1, bytes).parallel().forEach(at -> FirehoseCuts.at(direction, at));
        }
        System.out.printf("firehose 3: cut at every one of %d bytes in both directions: lost 0, twice 0%n", bytes);
    }
}
