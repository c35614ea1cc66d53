package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.voltlane.server.session.SessionQuery.Order;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pages in the order of a ranking. */
@ExtendWith(LeakCheck.class)
final class RankedPagesTest extends PagesCase {
    @Test
    void theRankingShowsThoseForWhichMostWaits() {
        List<FakeLink> links = open(4);
        stage.data(2, "12345678");
        stage.data(4, "1234");
        links.get(0).isLost();
        stage.data(1, "1234567890");
        SessionQuery most = SessionQuery.page(Order.MOST_WAITING, 3);
        SessionPage top = page(most);
        assertThat(ids(top)).containsExactly(1L, 2L, 4L);
        SessionPage rest = page(most.after(top));
        assertThat(ids(rest)).containsExactly(3L);
        assertThat(rest.next()).isEmpty();
        assertThat(ids(page(SessionQuery.page(Order.MOST_WAITING, 10)))).containsExactly(1L, 2L, 4L, 3L);
    }

    @Test
    void ofSessionsForWhichAsMuchWaitsTheOlderIsRankedFirst() {
        open(3);
        stage.data(2, "1234");
        stage.data(3, "1234");
        assertThat(ids(page(SessionQuery.page(Order.MOST_WAITING, 1)))).containsExactly(2L);
    }

    @Test
    void theRankingByTrafficCountsBothDirectionsInEachSecondOfALife() {
        FakeLink old = stage.open();
        old.sends("1234567890");
        stage.passes(Duration.ofSeconds(10));
        FakeLink up = stage.open();
        up.sends("123");
        FakeLink down = stage.open();
        stage.data(down.id, "12345");
        FakeLink resumed = stage.open();
        resumed.sends("1234");
        resumed.isLost();
        stage.resume(resumed.id).sends("again");
        FakeLink quiet = stage.open();
        stage.passes(Duration.ofSeconds(1));
        assertThat(ids(page(SessionQuery.page(Order.MOST_TRAFFIC, 10))))
                .containsExactly(resumed.id, down.id, up.id, old.id, quiet.id);
    }

    @Test
    void aRankingKeepsItsOrderWhilePagesAreTurned() {
        open(5);
        stage.data(3, "1234567");
        stage.data(5, "1234");
        SessionQuery most = SessionQuery.page(Order.MOST_WAITING, 1);
        SessionPage first = page(most);
        assertThat(ids(first)).containsExactly(3L);
        stage.data(1, "123456789012");
        stage.data(5, "123456789012");
        SessionPage second = page(most.after(first));
        assertThat(ids(second)).containsExactly(5L);
        assertThat(second.sessions().get(0).link().waiting().packets())
                .as("the view is fresh")
                .isEqualTo(2);
        stage.sessions.kick(1);
        SessionPage third = page(most.after(second));
        assertThat(ids(third)).as("its end is decided, and it is there").containsExactly(1L);
        assertThat(ids(page(SessionQuery.page(Order.MOST_WAITING, 1)))).containsExactly(5L);
    }

    @Test
    void aRankingIsForgottenAfterAMinute() {
        open(3);
        SessionQuery most = SessionQuery.page(Order.MOST_WAITING, 1);
        SessionPage first = page(most);
        stage.passes(Duration.ofSeconds(59));
        SessionPage second = page(most.after(first));
        stage.passes(Duration.ofSeconds(59));
        assertThat(ids(page(most.after(second)))).containsExactly(3L);
        stage.passes(Duration.ofSeconds(60));
        isExpired(most.after(second));
    }

    @Test
    void aRankingIsForgottenThoughNobodyAsksForAnother() {
        open(1);
        page(SessionQuery.page(Order.MOST_WAITING, 1));
        stage.sessions.reap();
        assertThat(stage.sessions.pager.rankings()).isOne();
        stage.passes(Duration.ofSeconds(60));
        stage.sessions.reap();
        assertThat(stage.sessions.pager.rankings()).isZero();
    }

    @Test
    void aCursorHoldsForItsOwnQuestion() {
        open(3);
        SessionPage first = page(SessionQuery.page(Order.MOST_WAITING, 1));
        isExpired(SessionQuery.page(Order.MOST_TRAFFIC, 1).after(first));
        isExpired(SessionQuery.page(Order.MOST_WAITING, 1).slow().after(first));
        for (SessionCursor wrong :
                List.of(new SessionCursor(77, 1), new SessionCursor(1, -1), new SessionCursor(1, 4))) {
            isExpired(SessionQuery.page(Order.MOST_WAITING, 1).after(new SessionPage(List.of(), Optional.of(wrong))));
        }
    }

    @Test
    void manyRankingsPushOutThoseOfWhichNoPageWasTurned() {
        open(3);
        SessionQuery most = SessionQuery.page(Order.MOST_WAITING, 1);
        SessionPage unturned = page(most);
        SessionPage second = page(most.after(page(most)));
        for (int i = 0; i < 3 * SessionRankings.MAX; i++) {
            page(most);
        }
        isExpired(most.after(unturned));
        assertThat(ids(page(most.after(second)))).containsExactly(3L);
    }

    @Test
    void theIdsInAllRankingsAreBounded() {
        SessionRankings rankings = new SessionRankings(100);
        SessionQuery most = SessionQuery.page(Order.MOST_WAITING, 1);
        rankings.add(most, new long[60], 0);
        rankings.add(most, new long[60], 0);
        rankings.add(most, new long[1_000], 0);
        assertThat(rankings.size()).isEqualTo(2);
        rankings.add(most, new long[1], 0);
        assertThat(rankings.size()).isEqualTo(1);
    }

    private void isExpired(SessionQuery query) {
        assertThatThrownBy(() -> page(query)).hasCauseInstanceOf(ExpiredCursorException.class);
    }
}
