package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import net.voltlane.protocol.Reason;
import net.voltlane.server.session.SessionQuery.Order;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pages of sessions: what is on them, in which order, and how little a task of the session loop does for them. */
@ExtendWith(LeakCheck.class)
final class SessionPagesTest {
    private final List<SessionTable> tables = new ArrayList<>();
    private final Stage stage = new Stage(table -> {
        tables.add(table);
        return new MemoryStore(table);
    });
    /** Slices that wait for their turn on the session loop. */
    private final Deque<Runnable> tasks = new ArrayDeque<>();

    @AfterEach
    void end() {
        stage.close();
    }

    @Test
    void aLiveSessionShowsItsLink() {
        FakeLink link = stage.open(Stage.address("198.51.100.7"));
        stage.passes(Duration.ofSeconds(3));
        link.sends("hello");
        stage.data(link.id, "waiting");
        SessionView view = onlyOne(SessionQuery.page(Order.OLDEST_FIRST, 10));
        assertThat(view.id()).isEqualTo(link.id);
        assertThat(view.state()).isEqualTo(SessionView.State.LIVE);
        assertThat(view.address()).isEqualTo("198.51.100.7");
        assertThat(view.protocolVersion()).isEqualTo(2);
        assertThat(view.age()).isEqualTo(Duration.ofSeconds(3));
        assertThat(view.lostFor()).isNull();
        assertThat(view.isSlow()).isTrue();
        LinkView its = view.link();
        assertThat(its).isNotNull();
        assertThat(its.transport()).isEqualTo("fake");
        assertThat(its.packetsUp()).isOne();
        assertThat(its.bytesUp()).isEqualTo(5);
        assertThat(its.waiting().packets()).isOne();
        assertThat(its.waiting().bytes()).isEqualTo(4 + 7);
        assertThat(view.missed().packets()).isZero();
        assertThat(view.missed().bounds()).isEqualTo(Stage.ROOMY.missed());
    }

    @Test
    void aStaleSessionShowsItsMissedPackets() {
        FakeLink link = stage.openHeard();
        link.isLost();
        stage.data(link.id, "one", "two");
        stage.passes(Duration.ofSeconds(2));
        SessionView view = onlyOne(SessionQuery.page(Order.OLDEST_FIRST, 10));
        assertThat(view.state()).isEqualTo(SessionView.State.STALE);
        assertThat(view.lostFor()).isEqualTo(Duration.ofSeconds(2));
        assertThat(view.link()).isNull();
        assertThat(view.missed().packets()).isEqualTo(2);
        assertThat(view.missed().bytes()).isEqualTo(2 * (4 + 3));
        assertThat(view.isSlow()).isFalse();
    }

    @Test
    void aSessionWhoseLinkIsTakenAwayIsLeaving() {
        FakeLink link = stage.openHeard();
        link.breaks();
        assertThat(onlyOne(SessionQuery.page(Order.OLDEST_FIRST, 10)).state()).isEqualTo(SessionView.State.LEAVING);
        stage.resume(link.id);
        assertThat(onlyOne(SessionQuery.page(Order.OLDEST_FIRST, 10)).state())
                .as("its client is back")
                .isEqualTo(SessionView.State.LIVE);
        link.answers();
    }

    @Test
    void sessionsAreSiftedByStateAddressAndSlowness() {
        FakeLink live = stage.open(Stage.address("198.51.100.1"));
        FakeLink slow = stage.open(Stage.address("198.51.100.2"));
        stage.data(slow.id, "waits");
        FakeLink blocking = stage.open(Stage.address("203.0.113.1"));
        stage.sessions.blocked(blocking);
        FakeLink stale = stage.open(Stage.address("203.0.113.2"));
        stale.isLost();
        SessionQuery all = SessionQuery.page(Order.OLDEST_FIRST, 10);
        assertThat(ids(page(all))).containsExactly(live.id, slow.id, blocking.id, stale.id);
        assertThat(ids(page(all.in(SessionView.State.LIVE)))).containsExactly(live.id, slow.id, blocking.id);
        assertThat(ids(page(all.in(SessionView.State.STALE)))).containsExactly(stale.id);
        assertThat(ids(page(all.within(Stage.address("198.51.100.0/24"))))).containsExactly(live.id, slow.id);
        assertThat(ids(page(all.slow()))).containsExactly(slow.id, blocking.id);
        FakeLink next = stage.resume(live.id);
        assertThat(page(all.in(SessionView.State.LEAVING)).sessions())
                .as("one that moves to another link is live")
                .isEmpty();
        live.answers();
        assertThat(next.told).containsExactly("resumed []");
        assertThat(ids(page(all.slow().within(Stage.address("203.0.113.1"))))).containsExactly(blocking.id);
    }

    @Test
    void pagesFollowInTheOrderOfOpeningOrAgainstIt() {
        open(5);
        SessionQuery oldest = SessionQuery.page(Order.OLDEST_FIRST, 2);
        SessionPage first = page(oldest);
        assertThat(ids(first)).containsExactly(1L, 2L);
        SessionPage second = page(oldest.after(first));
        assertThat(ids(second)).containsExactly(3L, 4L);
        SessionPage third = page(oldest.after(second));
        assertThat(ids(third)).containsExactly(5L);
        assertThat(third.next()).isEmpty();
        SessionQuery newest = SessionQuery.page(Order.NEWEST_FIRST, 3);
        SessionPage top = page(newest);
        assertThat(ids(top)).containsExactly(5L, 4L, 3L);
        assertThat(ids(page(newest.after(top)))).containsExactly(2L, 1L);
    }

    @Test
    void aPageThatHoldsAllThereIsIsTheLast() {
        open(2);
        assertThat(page(SessionQuery.page(Order.OLDEST_FIRST, 2)).next()).isEmpty();
    }

    @Test
    void theRankingShowsThoseForWhichMostWaits() {
        List<FakeLink> links = open(4);
        stage.data(2, "12345678");
        stage.data(4, "1234");
        links.get(0).isLost();
        stage.data(1, "1234567890");
        assertThat(ids(page(SessionQuery.page(Order.MOST_WAITING, 3)))).containsExactly(1L, 2L, 4L);
        assertThat(page(SessionQuery.page(Order.MOST_WAITING, 3)).next()).isEmpty();
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
    void aTaskLooksAtOneSliceOfSessions() {
        open(2 * SessionPager.SLICE + 1);
        CompletableFuture<SessionPage> page = ask(SessionQuery.page(Order.MOST_WAITING, 1));
        assertThat(tasks).hasSize(1);
        tasks.remove().run();
        assertThat(tasks).hasSize(1);
        assertThat(page).isNotDone();
        tasks.remove().run();
        assertThat(tasks).isEmpty();
        assertThat(page.join().sessions()).hasSize(1);
    }

    @Test
    void thePageWaitsForTheLinksLoop() {
        FakeLink link = stage.open();
        link.looksLate = true;
        CompletableFuture<SessionPage> page = ask(SessionQuery.page(Order.OLDEST_FIRST, 10));
        assertThat(page).isNotDone();
        link.violates(Reason.FRAME_TOO_LARGE);
        link.answers();
        link.answersLooks();
        assertThat(ids(page.join())).as("as it was").containsExactly(link.id);
    }

    @Test
    void aSessionThatEndsBetweenTwoSlicesIsLeftOut() {
        List<FakeLink> links = open(SessionPager.SLICE + 20);
        CompletableFuture<SessionPage> page = ask(SessionQuery.page(Order.OLDEST_FIRST, SessionQuery.MAX_LIMIT));
        stage.sessions.kick(3);
        links.get(2).answers();
        stage.sessions.kick(SessionPager.SLICE + 1); // the next in turn
        links.get(SessionPager.SLICE).answers();
        tasks.remove().run();
        assertThat(ids(page.join())).hasSize(SessionQuery.MAX_LIMIT - 1).doesNotContain(3L);
        SessionQuery next =
                SessionQuery.page(Order.OLDEST_FIRST, SessionQuery.MAX_LIMIT).after(page.join());
        assertThat(ids(page(next)))
                .containsExactlyElementsOf(IntStream.rangeClosed(SessionPager.SLICE + 2, SessionPager.SLICE + 20)
                        .mapToObj(Long::valueOf)
                        .toList());
    }

    @Test
    void theLookGoesOnBehindASessionThatEndsWhenItIsNextInTurn() {
        List<FakeLink> links = open(SessionPager.SLICE + 20);
        stage.data(SessionPager.SLICE + 20, "waits");
        CompletableFuture<SessionPage> page = ask(SessionQuery.page(Order.MOST_WAITING, 1));
        stage.sessions.kick(SessionPager.SLICE + 1);
        links.get(SessionPager.SLICE).answers();
        tasks.remove().run();
        assertThat(ids(page.join())).containsExactly(SessionPager.SLICE + 20L);
    }

    @Test
    void nothingIsKeptForAPageThatIsAnswered() {
        open(3 * SessionPager.SLICE);
        page(SessionQuery.page(Order.OLDEST_FIRST, 1));
        page(SessionQuery.page(Order.MOST_WAITING, 1));
        assertThat(tables.get(0).walks()).isZero();
    }

    @Test
    void whereTheSessionLoopTakesNoMoreTasksThePageFails() {
        open(SessionPager.SLICE + 1);
        CompletableFuture<SessionPage> page = new CompletableFuture<>();
        stage.sessions.page(
                SessionQuery.page(Order.MOST_WAITING, 1),
                task -> {
                    throw new RejectedExecutionException("the loop has ended");
                },
                page);
        assertThatThrownBy(page::join).hasMessageContaining("the loop has ended");
        assertThat(tables.get(0).walks()).isZero();
    }

    @Test
    void theAnswerIsGivenOnNoLoop() {
        FakeLink link = stage.open();
        link.looksLate = true;
        Thread loop = Thread.currentThread();
        CompletableFuture<Thread> onPage =
                ask(SessionQuery.page(Order.OLDEST_FIRST, 1)).thenApply(page -> Thread.currentThread());
        CompletableFuture<Optional<SessionView>> one = new CompletableFuture<>();
        stage.sessions.look(link.id, one);
        CompletableFuture<Thread> onView = one.thenApply(view -> Thread.currentThread());
        link.answersLooks();
        assertThat(onPage.join()).isNotSameAs(loop);
        assertThat(onView.join()).isNotSameAs(loop);
    }

    @Test
    void eachSessionIsOnExactlyOnePageWhileOthersComeAndGo() {
        turnPages(new Random(1), Order.OLDEST_FIRST);
    }

    @Test
    void alsoFromTheNewestOn() {
        turnPages(new Random(2), Order.NEWEST_FIRST);
    }

    private void turnPages(Random random, Order order) {
        List<FakeLink> links = open(700);
        Set<Long> stay = new TreeSet<>();
        Deque<FakeLink> go = new ArrayDeque<>();
        for (FakeLink link : links) {
            if (random.nextInt(3) == 0) {
                go.add(link);
            } else {
                stay.add(link.id);
            }
        }
        List<Long> seen = new ArrayList<>();
        SessionQuery query = SessionQuery.page(order, 1 + random.nextInt(200));
        SessionPage page;
        do {
            CompletableFuture<SessionPage> asked = ask(query);
            while (!tasks.isEmpty()) {
                comeAndGo(random, go); // between the slices of a page
                tasks.remove().run();
            }
            page = asked.join();
            seen.addAll(ids(page));
            comeAndGo(random, go); // and between pages
            query = page.next().isPresent() ? query.after(page) : query;
        } while (page.next().isPresent());
        assertThat(seen).as("none twice").doesNotHaveDuplicates();
        assertThat(seen).as("all that stayed").containsAll(stay);
    }

    /** Some sessions end, in any order, and some are opened. */
    private void comeAndGo(Random random, Deque<FakeLink> go) {
        for (int i = random.nextInt(20); i > 0 && !go.isEmpty(); i--) {
            FakeLink link = random.nextBoolean() ? go.removeFirst() : go.removeLast();
            stage.sessions.kick(link.id);
            link.answers();
        }
        open(random.nextInt(5));
    }

    @Test
    void whereTheServerEndsThePageFails() {
        FakeLink link = stage.open();
        link.looksLate = true;
        CompletableFuture<SessionPage> page = ask(SessionQuery.page(Order.OLDEST_FIRST, 10));
        stage.sessions.release();
        assertThatThrownBy(page::join).isInstanceOf(CompletionException.class).hasMessageContaining("ended");
        link.answersLooks();
        assertThat(ask(SessionQuery.page(Order.OLDEST_FIRST, 10))).isCompletedExceptionally();
    }

    @Test
    void oneSessionIsLookedAtByItsId() {
        FakeLink link = stage.open();
        FakeLink lost = stage.openHeard();
        lost.isLost();
        assertThat(one(link.id).orElseThrow().link()).isNotNull();
        assertThat(one(lost.id).orElseThrow().state()).isEqualTo(SessionView.State.STALE);
        assertThat(one(77)).isEmpty();
    }

    private Optional<SessionView> one(long id) {
        CompletableFuture<Optional<SessionView>> answer = new CompletableFuture<>();
        stage.sessions.look(id, answer);
        return answer.join();
    }

    @Test
    void countsGoOverAllLinks() {
        FakeLink link = stage.openHeard();
        stage.data(link.id, "1234");
        link.takes(1);
        assertThat(one(link.id).orElseThrow().counts()).isEqualTo(new SessionView.Counts(1, 5, 1, 4));
        link.isLost();
        stage.data(link.id, "missed");
        assertThat(one(link.id).orElseThrow().counts()).isEqualTo(new SessionView.Counts(1, 5, 2, 10));
        stage.resume(link.id).sends("again and");
        SessionView resumed = one(link.id).orElseThrow();
        assertThat(resumed.counts()).isEqualTo(new SessionView.Counts(2, 14, 2, 10));
        assertThat(resumed.resumes()).isOne();
    }

    @Test
    void aTakeoverIsAResumeWhoseCountsGoOn() {
        FakeLink old = stage.openHeard();
        ResumeToken token = stage.find(old.id);
        assertThat(token).isNotNull();
        FakeLink next = new FakeLink(stage);
        stage.sessions.resume(next, token);
        assertThat(one(old.id).orElseThrow().resumes()).isZero();
        old.answers();
        next.sends("on");
        SessionView view = one(old.id).orElseThrow();
        assertThat(view.counts()).isEqualTo(new SessionView.Counts(2, 7, 0, 0));
        assertThat(view.resumes()).isOne();
    }

    @Test
    void aQuestionThatCannotBeAnsweredIsRefused() {
        assertThatThrownBy(() -> SessionQuery.page(Order.OLDEST_FIRST, 0)).hasMessage("limit: 0 (expected: 1 to 256)");
        assertThatThrownBy(() -> SessionQuery.page(Order.OLDEST_FIRST, 257))
                .isInstanceOf(IllegalArgumentException.class);
        SessionPage last = new SessionPage(List.of(), OptionalLong.empty());
        assertThatThrownBy(() -> SessionQuery.page(Order.OLDEST_FIRST, 1).after(last))
                .isInstanceOf(IllegalArgumentException.class);
        SessionPage page = new SessionPage(List.of(), OptionalLong.of(1));
        assertThatThrownBy(() -> SessionQuery.page(Order.MOST_WAITING, 1).after(page))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private List<FakeLink> open(int sessions) {
        List<FakeLink> links = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            links.add(stage.open());
        }
        return links;
    }

    private CompletableFuture<SessionPage> ask(SessionQuery query) {
        CompletableFuture<SessionPage> page = new CompletableFuture<>();
        stage.sessions.page(query, tasks::add, page);
        return page;
    }

    private SessionPage page(SessionQuery query) {
        CompletableFuture<SessionPage> page = ask(query);
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
        return page.join();
    }

    private SessionView onlyOne(SessionQuery query) {
        List<SessionView> sessions = page(query).sessions();
        assertThat(sessions).hasSize(1);
        return sessions.get(0);
    }

    private static List<Long> ids(SessionPage page) {
        return page.sessions().stream().map(SessionView::id).toList();
    }
}
