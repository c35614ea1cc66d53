package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.util.PrimitiveIterator;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Session ids as rule 6 of section 3 asks for them. */
@ExtendWith(LeakCheck.class)
final class SessionIdsTest {
    private final LongObjectMap<String> live = new LongObjectHashMap<>();

    @Test
    void zeroIsNeverGiven() {
        assertThat(idsFrom(0, 0, 7).next(live)).isEqualTo(7);
    }

    @Test
    void aNumberWhoseLowBitsAreZeroIsZeroToo() {
        assertThat(idsFrom(1L << 53, Long.MIN_VALUE, 7).next(live)).isEqualTo(7);
    }

    @Test
    void idsAreBelowTwoToThe53() {
        SessionIds ids = idsFrom(-1, (1L << 53) + 5, Long.MIN_VALUE + 6);
        assertThat(ids.next(live)).isEqualTo((1L << 53) - 1);
        assertThat(ids.next(live)).isEqualTo(5);
        assertThat(ids.next(live)).isEqualTo(6);
    }

    @Test
    void allFiftyThreeBitsAreUsed() {
        SessionIds ids = new SessionIds(new Random(1)::nextLong);
        long used = 0;
        for (int i = 0; i < 1_000; i++) {
            used |= ids.next(live);
        }
        assertThat(used).isEqualTo((1L << 53) - 1);
    }

    @Test
    void theIdOfALiveSessionIsNotGivenAgain() {
        live.put(5, "somebody");
        assertThat(idsFrom(5, 5, 6).next(live)).isEqualTo(6);
    }

    @Test
    void theIdOfASessionThatEndedLatelyIsNotGivenAgain() {
        SessionIds ids = idsFrom(5, 6);
        ids.ended(5);
        assertThat(ids.next(live)).isEqualTo(6);
    }

    @Test
    void theLast65536EndsAreRemembered() {
        SessionIds ids = idsFrom(5, 6, 5);
        ids.ended(5);
        for (long other = 1; other < SessionIds.REMEMBERED; other++) {
            ids.ended(1_000 + other);
        }
        assertThat(ids.next(live)).as("5 is the oldest of those remembered").isEqualTo(6);
        ids.ended(999);
        assertThat(ids.next(live)).as("5 is forgotten").isEqualTo(5);
    }

    @Test
    void sessionsGiveNoIdTwice() {
        try (Stage stage = new Stage(Stage.ROOMY, Long.MAX_VALUE, random(0, 5, 5, 6, 5, 6, 7))) {
            FakeLink live = stage.open();
            FakeLink ended = stage.open();
            stage.sessions.kick(ended.id);
            ended.answers();
            FakeLink third = stage.open();
            assertThat(live.id).isEqualTo(5);
            assertThat(ended.id).isEqualTo(6);
            assertThat(third.id).isEqualTo(7);
        }
    }

    private static SessionIds idsFrom(long... numbers) {
        return new SessionIds(random(numbers));
    }

    private static LongSupplier random(long... numbers) {
        PrimitiveIterator.OfLong iterator = LongStream.of(numbers).iterator();
        return iterator::nextLong;
    }
}
