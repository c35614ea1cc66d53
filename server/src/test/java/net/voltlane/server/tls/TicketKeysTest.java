package net.voltlane.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import net.voltlane.testkit.ManualClock;
import org.junit.jupiter.api.Test;

final class TicketKeysTest {
    private static final Duration LIFE = Duration.ofHours(4);

    private final ManualClock clock = new ManualClock();
    private final TicketKeys keys = new TicketKeys(new SecureRandom(), clock.getAsLong());

    private boolean rotates() {
        return keys.rotate(clock.getAsLong());
    }

    @Test
    void aKeyIsNewForFourHours() {
        OpenSslSessionTicketKey first = keys.all()[0];
        clock.advance(LIFE.minusNanos(1));
        assertThat(rotates()).isFalse();
        assertThat(keys.all()).containsExactly(first);
        clock.advance(Duration.ofNanos(1));
        assertThat(rotates()).isTrue();
        assertThat(keys.all()).hasSize(2);
        assertThat(keys.all()[0]).isNotSameAs(first);
        assertThat(keys.all()[1]).isSameAs(first);
        assertThat(rotates()).as("again").isFalse();
    }

    /** The age of the newest counts from its own beginning, however late it was drawn. */
    @Test
    void aLateRotationGivesTheNextKeyItsWholeTime() {
        clock.advance(LIFE.multipliedBy(5));
        assertThat(rotates()).isTrue();
        clock.advance(LIFE.minusNanos(1));
        assertThat(rotates()).isFalse();
    }

    @Test
    void twoOldKeysStillOpenTickets() {
        OpenSslSessionTicketKey first = keys.all()[0];
        for (int i = 0; i < 2; i++) {
            clock.advance(LIFE);
            assertThat(rotates()).isTrue();
        }
        assertThat(List.of(keys.all()).get(2)).isSameAs(first);
        clock.advance(LIFE);
        assertThat(rotates()).isTrue();
        assertThat(keys.all()).hasSize(3).doesNotContain(first);
    }

    @Test
    void forgottenKeysOpenNothing() {
        clock.advance(LIFE);
        assertThat(rotates()).isTrue();
        List<OpenSslSessionTicketKey> before = List.of(keys.all());
        keys.forget(clock.getAsLong());
        assertThat(keys.all()).hasSize(1).doesNotContainAnyElementsOf(before);
        clock.advance(LIFE.minusNanos(1));
        assertThat(rotates()).isFalse();
    }
}
