package net.voltlane.systemtest.cuts;

import static org.assertj.core.api.Assertions.assertThat;

import net.voltlane.testkit.Direction;
import net.voltlane.testkit.FaultRelay;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every byte of a link may be its last one: both ends get all, and nothing twice. */
@Timeout(120)
@ExtendWith(LeakCheck.class)
final class CutTest {
    private static final int PACKETS = 3;
    private static final int PACKET_BYTES = 20;

    /** A resume, some packets in both directions, and their acknowledgements. */
    private static void round(CutStage stage, CutPlayer player) {
        for (int i = 0; i < PACKETS; i++) {
            player.send(PACKET_BYTES);
        }
        stage.settle("both ends have got all");
    }

    /** The number of bytes that a round on a new link takes. */
    private static long bytesOfARound(CutStage stage, CutPlayer player, Direction direction) {
        long before = stage.clients().bytesPassed(direction);
        player.cut();
        round(stage, player);
        return stage.clients().bytesPassed(direction) - before;
    }

    @ParameterizedTest
    @CsvSource({"2, OUT", "2, BACK", "3, OUT", "3, BACK"})
    void aClientsLinkIsCutAtEveryByteOfAResumeAndOfData(int firehose, Direction direction) {
        try (CutStage stage = new CutStage(firehose == 3, 1)) {
            CutPlayer player = stage.player();
            stage.run("the player is there", player::isLive);
            round(stage, player);
            long bytes = bytesOfARound(stage, player, direction);
            assertThat(bytes).isGreaterThan(PACKETS * (PACKET_BYTES + 5L));
            for (int at = 1; at <= bytes; at++) {
                player.cut();
                stage.clients().cutAfter(direction, at);
                round(stage, player);
            }
            assertThat(player.resumes()).isGreaterThan((int) bytes);
        }
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void aClientsLinkIsCutAtEveryByteOfItsOpening(Direction direction) {
        try (CutStage stage = new CutStage(true, 2)) {
            CutPlayer player = stage.player();
            stage.run("the player is there", player::isLive);
            FaultRelay relay = stage.clients();
            for (int at = 1; at <= 100; at++) {
                player.begins();
                relay.cutAfter(direction, at);
                stage.run("the player is there", player::isLive);
                round(stage, player);
            }
        }
    }

    @Test
    void aFirehoseIsCutAtSomeBytesInBothDirections() {
        for (Direction direction : Direction.values()) {
            for (int at = 1; at < 300; at += 59) {
                FirehoseCuts.at(direction, at);
            }
        }
    }
}
