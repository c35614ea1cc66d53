package net.voltlane.systemtest.cuts;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.voltlane.protocol.link3.FrameType;
import net.voltlane.testkit.Direction;
import net.voltlane.testkit.cuts.Tamper;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests of the judge of a {@link CutStage}: a packet that is lost or comes twice does not go unnoticed. */
@Timeout(60)
final class JudgeTest {
    private static final int PACKETS = 4;
    private static final int PACKET_BYTES = 20;

    @ParameterizedTest
    @CsvSource({
        "VERSION_2, OUT, DROP, false", "VERSION_2, OUT, REPEAT, false",
        "VERSION_2, BACK, DROP, false", "VERSION_2, BACK, REPEAT, false",
        "VERSION_3, OUT, DROP, false", "VERSION_3, OUT, REPEAT, false",
        "VERSION_3, BACK, DROP, false", "VERSION_3, BACK, REPEAT, false",
        "VERSION_3, OUT, DROP, true", "VERSION_3, OUT, REPEAT, true",
        "VERSION_3, BACK, DROP, true", "VERSION_3, BACK, REPEAT, true",
        "SDK, OUT, DROP, true", "SDK, OUT, REPEAT, true",
        "SDK, BACK, DROP, true", "SDK, BACK, REPEAT, true",
    })
    void aLostOrRepeatedPacketIsFound(
            CutBackend.Kind backend, Direction direction, Tamper.How how, boolean onTheFirehose) {
        assertThatThrownBy(() -> {
                    try (CutStage stage = new CutStage(backend, 1)) {
                        CutPlayer player = stage.player();
                        player.send(PACKET_BYTES);
                        stage.settle("all is well");
                        Tamper tamper = new Tamper(direction, FrameType.DATA, how); // on both kinds of links
                        (onTheFirehose ? stage.firehose() : player.relay()).tamper(tamper);
                        for (int i = 0; i < PACKETS; i++) {
                            player.send(PACKET_BYTES);
                        }
                        stage.settle("one is lost, or came twice");
                    }
                })
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("came twice");
    }
}
