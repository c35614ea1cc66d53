package net.voltlane.server.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import net.voltlane.server.address.Cidr;
import net.voltlane.server.metrics.Metric;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bans that operators give, and the list of all bans. */
final class BansTest extends GuardCase {
    private static Cidr network(String text) {
        return Objects.requireNonNull(Cidr.parse(text));
    }

    private void ban(String network, @Nullable Duration duration) {
        assertThat(guard.bans().add(network(network), duration)).isPresent();
    }

    private List<String> list() {
        List<String> lines = new ArrayList<>();
        BanPage page = guard.bans().page(null, 3);
        while (true) {
            page.bans()
                    .forEach(ban -> lines.add(ban.network() + ", " + ban.cause().text() + ", " + ban.endsIn()));
            if (page.next() == null) {
                return lines;
            }
            page = guard.bans().page(page.next(), 3);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1,     192.0.2.1,    192.0.2.2",
        "192.0.2.0/31,  192.0.2.1,    192.0.2.2",
        "10.0.0.0/8,    10.255.0.1,   11.0.0.1",
        "0.0.0.0/0,     203.0.113.9,  2001:db8::1",
        "2001:db8::/64, 2001:db8::77, 2001:db8:0:1::77",
        "2001:db8::7,   2001:db8::7,  2001:db8::8",
        "::/0,          2001:db8::1,  203.0.113.9",
    })
    void aBanKeepsItsNetworkOutAndNobodyElse(String banned, String inside, String outside) {
        ban(banned, null);
        isRefused(inside, Metric.REFUSED_BANNED);
        opened(outside);
        assertThat(guard.bans().lift(network(banned))).isTrue();
        opened(inside);
    }

    @Test
    void aBanEndsAfterItsTime() {
        ban(HOME, Duration.ofSeconds(10));
        clock.advance(Duration.ofSeconds(10).minusNanos(1));
        isRefused(HOME, Metric.REFUSED_BANNED);
        clock.advance(Duration.ofNanos(1));
        opened(HOME);
        assertThat(list()).isEmpty();
        assertThat(guard.bans().lift(network(HOME)))
                .as("there is none any more")
                .isFalse();
    }

    @Test
    void aSecondBanOfANetworkReplacesTheFirst() {
        ban(HOME, null);
        ban(HOME, Duration.ofSeconds(1));
        assertThat(list()).containsExactly("192.0.2.1, operator, PT1S");
        clock.advance(Duration.ofSeconds(1));
        opened(HOME);
    }

    @Test
    void aShortBanInsideALongerOneShortensNothing() {
        ban("192.0.2.0/24", null);
        ban(HOME, Duration.ofSeconds(1));
        clock.advance(Duration.ofSeconds(2));
        isRefused(HOME, Metric.REFUSED_BANNED);
        assertThat(guard.bans().lift(network(HOME))).isFalse();
        isRefused(HOME, Metric.REFUSED_BANNED);
    }

    @Test
    void aConnectionInItsHandshakeCanNeitherOpenNorResumeAfterTheBan() {
        Admission opening = arrives(HOME);
        Admission resuming = arrives(HOME);
        Admission link = opened(HOME);
        ban(HOME, null);
        assertThat(opening(opening)).isEqualTo(Metric.REFUSED_BANNED);
        assertThat(proving(resuming)).isEqualTo(Metric.REFUSED_BANNED);
        assertThat(link.phase.isLink()).as("a ban ends no session").isTrue();
    }

    @Test
    void bansForWrongProofsAreListedAndCanBeLifted() {
        bans(2, 30);
        fails(HOME);
        fails(HOME);
        assertThat(fails(HOME)).isTrue();
        clock.advance(Duration.ofSeconds(10));
        assertThat(list()).containsExactly("192.0.2.1, wrong proofs, PT20S");
        assertThat(guard.bans().lift(network(HOME))).isTrue();
        assertThat(list()).isEmpty();
        assertThat(fails(HOME)).as("the wrong proofs of before are forgotten").isFalse();
        assertThat(fails(HOME)).isFalse();
        assertThat(fails(HOME)).isTrue();
    }

    @Test
    void liftingEndsTheBansOfBothCauses() {
        bans(1, 30);
        fails(HOME);
        assertThat(fails(HOME)).isTrue();
        ban(HOME, null);
        assertThat(list()).containsExactly("192.0.2.1, operator, null", "192.0.2.1, wrong proofs, PT30S");
        assertThat(guard.bans().lift(network(HOME))).isTrue();
        opened(HOME);
    }

    @Test
    void theNumberOfOperatorsBansIsBounded() {
        for (int i = 0; i < Bans.MAX_OF_OPERATORS; i++) {
            ban("10.0." + (i >> 8) + "." + (i & 255), i == 7 ? Duration.ofSeconds(5) : null);
        }
        assertThat(guard.bans().add(network(HOME), null)).isEmpty();
        assertThat(guard.bans().add(network("10.0.0.1"), null))
                .as("one that is there")
                .isPresent();
        assertThat(guard.bans().ofOperators()).isEqualTo(Bans.MAX_OF_OPERATORS);
        clock.advance(Duration.ofSeconds(5));
        ban(HOME, null); // in the place of the one that is over
        assertThat(guard.bans().add(network("192.0.2.2"), null)).isEmpty();
    }

    @Test
    void bansOfTheFleetThatFindNoPlaceAreNotEachWorthAWalkOverAll() {
        for (int i = 0; i < Bans.MAX_OF_OPERATORS; i++) {
            boolean isLast = i == Bans.MAX_OF_OPERATORS - 1;
            ban("10.0." + (i >> 8) + "." + (i & 255), isLast ? Duration.ofMillis(500) : null);
        }
        Ban.Place more = new Ban.Place(Ban.Cause.OPERATOR, network(HOME));
        assertThat(guard.bans().takeOver(more, null, "two")).isFalse();
        clock.advance(Duration.ofMillis(500));
        assertThat(guard.bans().takeOver(more, null, "two")).as("one is over").isFalse();
        clock.advance(Duration.ofMillis(500));
        assertThat(guard.bans().takeOver(more, null, "two"))
                .as("a second later")
                .isTrue();
        assertThat(guard.bans().ofOperators()).isEqualTo(Bans.MAX_OF_OPERATORS);
    }

    @Test
    void bansForWrongProofsThatAreOverAreForgotten() {
        bans(1, 30);
        for (int round = 0; round < 50; round++) {
            for (int i = 0; i < PLACES - 1; i++) {
                String from = "198.51." + round + "." + i;
                fails(from);
                assertThat(fails(from)).isTrue();
            }
            clock.advance(Duration.ofMinutes(2));
        }
        Guard its = guard;
        synchronized (its) {
            assertThat(its.bans().size()).isLessThanOrEqualTo(2 * PLACES);
        }
    }

    @Test
    void everyBanThatStandsIsOnExactlyOnePage() {
        TreeSet<String> standing = new TreeSet<>();
        for (int i = 0; i < 100; i++) {
            boolean isShort = i % 3 == 0;
            ban("10.0.0." + i, isShort ? Duration.ofSeconds(1) : null);
            if (!isShort) {
                standing.add("10.0.0." + i);
            }
        }
        List<String> seen = new ArrayList<>();
        BanPage page = guard.bans().page(null, 7);
        for (int turned = 0; ; turned++) {
            page.bans().forEach(ban -> seen.add(ban.network().toString()));
            if (page.next() == null) {
                break;
            }
            if (turned == 2) {
                clock.advance(Duration.ofSeconds(1));
                guard.bans().lift(network("10.0.0.98"));
                ban("10.0.0.200", null);
            }
            page = guard.bans().page(page.next(), 7);
        }
        standing.remove("10.0.0.98");
        assertThat(seen).doesNotHaveDuplicates().containsAll(standing);
    }

    @Test
    void aPageLooksAtABoundedNumberOfBansThatAreOver() {
        for (int i = 0; i < 3_000; i++) {
            ban("10.0." + (i >> 8) + "." + (i & 255), Duration.ofSeconds(1));
        }
        ban("192.0.2.9", null);
        clock.advance(Duration.ofSeconds(1));
        BanPage first = guard.bans().page(null, 10);
        assertThat(first.bans()).isEmpty();
        assertThat(first.next()).isNotNull();
        assertThat(list()).containsExactly("192.0.2.9, operator, null");
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> guard.bans().page(null, 0)).hasMessage("limit: 0 (expected: 1 to 256)");
        assertThatThrownBy(() -> guard.bans().page(null, 257)).hasMessage("limit: 257 (expected: 1 to 256)");
        for (Duration wrong : List.of(
                Duration.ZERO,
                Duration.ofSeconds(-1),
                Duration.ofSeconds(Bans.MAX_SECS).plusSeconds(1))) {
            assertThatThrownBy(() -> guard.bans().add(network(HOME), wrong)).hasMessageStartingWith("duration: ");
        }
    }
}
