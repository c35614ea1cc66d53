package net.voltlane.systemtest.cuts;

import java.util.Arrays;
import java.util.List;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every byte of a firehose 3 may be its last one: of each type of packet, in either direction, by a reset and by a FIN. Both
 * ends get all, and nothing twice; a backend is told of each session's begin and end once.
 */
@Timeout(120)
@ExtendWith(LeakCheck.class)
final class FirehoseCutTest {
    private static final int SERVERS = 32;

    @ParameterizedTest
    @EnumSource(
            value = CutBackend.Kind.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"VERSION_2", "SDK_TLS"})
    void aFirehoseIsCutAtEveryByteOfEachPacket(CutBackend.Kind backend) throws Exception {
        List<FirehoseScene> scenes = Arrays.stream(FirehoseScene.values())
                .filter(scene -> backend != CutBackend.Kind.SDK || !scene.isSeldom())
                .toList();
        FirehoseCuts cuts = new FirehoseCuts(backend);
        cuts.everyByteOf(scenes, backend == CutBackend.Kind.VERSION_3);
        Coverage coverage = cuts.run(SERVERS);
        for (FirehoseScene scene : scenes) {
            coverage.isWholeFor(scene.direction, scene.flag);
        }
    }
}
