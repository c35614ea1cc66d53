package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import net.voltlane.server.session.SessionQuery.Order;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pages that are turned while sessions are opened, end, lose their links and come back. */
@ExtendWith(LeakCheck.class)
final class TurnedPagesTest extends PagesCase {
    @Test
    void eachSessionIsOnExactlyOnePageWhileOthersComeAndGo() {
        turnPages(new Random(1), Order.OLDEST_FIRST);
    }

    @Test
    void alsoFromTheNewestOn() {
        turnPages(new Random(2), Order.NEWEST_FIRST);
    }

    @Test
    void alsoInARanking() {
        turnPages(new Random(3), Order.MOST_WAITING);
        turnPages(new Random(4), Order.MOST_TRAFFIC);
    }

    /** Ids of roving sessions that have no link. */
    private final Set<Long> away = new HashSet<>();

    private void turnPages(Random random, Order order) {
        List<FakeLink> links = open(700);
        Set<Long> stay = new TreeSet<>();
        Deque<FakeLink> go = new ArrayDeque<>();
        Deque<FakeLink> rove = new ArrayDeque<>();
        for (FakeLink link : links) {
            switch (random.nextInt(4)) {
                case 0 -> go.add(link);
                case 1 -> {
                    rove.add(link);
                    stay.add(link.id);
                }
                default -> stay.add(link.id);
            }
        }
        List<Long> seen = new ArrayList<>();
        SessionQuery query = SessionQuery.page(order, 1 + random.nextInt(200));
        SessionPage page;
        do {
            CompletableFuture<SessionPage> asked = ask(query);
            page = finish(asked, () -> comeAndGo(random, go, rove)); // between the slices of a page
            seen.addAll(ids(page));
            comeAndGo(random, go, rove); // and between pages
            query = page.next().isPresent() ? query.after(page) : query;
        } while (page.next().isPresent());
        assertThat(seen).as("none twice").doesNotHaveDuplicates();
        assertThat(seen).as("all that stayed").containsAll(stay);
    }

    /** Some sessions end, in any order, some lose their link or come back, some get a packet, and some are opened. */
    private void comeAndGo(Random random, Deque<FakeLink> go, Deque<FakeLink> rove) {
        for (int i = random.nextInt(5); i > 0; i--) {
            FakeLink link = rove.remove();
            if (away.add(link.id)) {
                link.isLost();
                rove.add(link);
            } else {
                away.remove(link.id);
                rove.add(stage.resume(link.id));
            }
            stage.data(1 + random.nextInt(700), "more to wait for");
        }
        for (int i = random.nextInt(20); i > 0 && !go.isEmpty(); i--) {
            FakeLink link = random.nextBoolean() ? go.removeFirst() : go.removeLast();
            stage.sessions.kick(link.id);
            link.answers();
        }
        open(random.nextInt(5));
    }
}
