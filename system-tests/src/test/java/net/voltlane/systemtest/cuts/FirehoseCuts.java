package net.voltlane.systemtest.cuts;

import static org.assertj.core.api.Assertions.assertThat;

import net.voltlane.testkit.Direction;

/**
 * Cuts of a firehose 3. Each needs a server of its own: a server whose firehose dies again and again dials less and less
 * often.
 */
final class FirehoseCuts {
    private static final int PACKETS = 3;
    private static final int PACKET_BYTES = 20;

    private FirehoseCuts() {}

    /** Cuts a server's first firehose behind this byte, and has everything come through all the same. */
    static void at(Direction direction, int bytes) {
        try (CutStage stage = new CutStage(true, bytes)) {
            CutPlayer player = stage.player();
            stage.run("the player is there", player::isLive);
            stage.firehose().cutAfter(direction, bytes);
            for (int i = 0; i < PACKETS || stage.backend().links() < 2; i++) {
                player.send(PACKET_BYTES);
                stage.settle("both ends have got all");
            }
            assertThat(stage.backend().links()).isEqualTo(2);
        }
    }
}
