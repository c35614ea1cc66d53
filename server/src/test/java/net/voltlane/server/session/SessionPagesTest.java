package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import net.voltlane.protocol.Reason;
import net.voltlane.server.session.SessionQuery.Order;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.ManualClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pages of sessions: what is on them, in which order, and how little a task of the session loop does for them. */
@ExtendWith(LeakCheck.class)
final class SessionPagesTest extends PagesCase {
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
    void onePageIsSearchedForAtATimeAndTooManyAreRefused() {
        open(3 * Slice.SESSIONS);
        SessionQuery most = SessionQuery.page(Order.MOST_WAITING, 1);
        List<CompletableFuture<SessionPage>> pages = new ArrayList<>();
        for (int i = 0; i <= SessionPager.MAX_WAITING; i++) {
            pages.add(ask(most));
        }
        assertThat(tasks).hasSize(1);
        assertThatThrownBy(() -> ask(most).join()).hasCauseInstanceOf(TooManyPagesException.class);
        for (CompletableFuture<SessionPage> page : pages) {
            assertThat(ids(finish(page))).containsExactly(1L);
        }
        assertThat(ids(page(most))).as("and goes on").containsExactly(1L);
    }

    @Test
    void aTaskOverItsTimeLooksAtFewerSessions() {
        ManualClock clock = new ManualClock();
        Slice slice = new Slice(clock);
        int looked = 0;
        while (slice.hasRoom()) {
            looked++;
            clock.advance(Duration.ofNanos(Slice.NANOS / 50));
        }
        assertThat(looked).isEqualTo(64);
        Slice quick = new Slice(clock);
        for (int i = 0; i < Slice.SESSIONS; i++) {
            assertThat(quick.hasRoom()).isTrue();
        }
        assertThat(quick.hasRoom()).isFalse();
    }

    @Test
    void theNextPageBeginsAtTheLastSessionNotAtTheFirst() {
        open(3 * Slice.SESSIONS);
        SessionQuery oldest = SessionQuery.page(Order.OLDEST_FIRST, SessionPager.LOOKS);
        SessionPage page = page(oldest);
        for (int i = 0; i < 12; i++) {
            CompletableFuture<SessionPage> next = ask(oldest.after(page));
            assertThat(tasks).isEmpty();
            page = next.join();
        }
        assertThat(ids(page)).startsWith(12L * SessionPager.LOOKS + 1).hasSize(SessionPager.LOOKS);
    }

    @Test
    void aTaskAsksAFewLinks() {
        List<FakeLink> links = open(3 * SessionPager.LOOKS);
        links.forEach(link -> link.looksLate = true);
        CompletableFuture<SessionPage> page = ask(SessionQuery.page(Order.OLDEST_FIRST, 100));
        for (int asked = 1; asked < 3; asked++) {
            assertThat(links.stream().filter(FakeLink::isLookedAt)).hasSize(asked * SessionPager.LOOKS);
            assertThat(tasks).hasSize(1);
            if (asked == 1) {
                stage.sessions.kick(links.get(links.size() - 1).id);
                links.get(links.size() - 1).answers();
            }
            tasks.remove().run();
        }
        links.forEach(FakeLink::answersLooks);
        assertThat(ids(page.join())).as("one has ended meanwhile").hasSize(3 * SessionPager.LOOKS - 1);
    }

    @Test
    void aTaskLooksAtOneSliceOfSessions() {
        open(2 * Slice.SESSIONS + 1);
        CompletableFuture<SessionPage> page = ask(SessionQuery.page(Order.MOST_WAITING, 1));
        assertThat(tasks).hasSize(1);
        tasks.remove().run();
        assertThat(tasks).hasSize(1);
        assertThat(page).isNotDone();
        tasks.remove().run();
        assertThat(finish(page).sessions()).hasSize(1);
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
        List<FakeLink> links = open(Slice.SESSIONS + 20);
        CompletableFuture<SessionPage> page = ask(SessionQuery.page(Order.OLDEST_FIRST, SessionQuery.MAX_LIMIT));
        stage.sessions.kick(3);
        links.get(2).answers();
        stage.sessions.kick(Slice.SESSIONS + 1); // the next in turn
        links.get(Slice.SESSIONS).answers();
        assertThat(ids(finish(page))).hasSize(SessionQuery.MAX_LIMIT - 1).doesNotContain(3L);
        SessionQuery next =
                SessionQuery.page(Order.OLDEST_FIRST, SessionQuery.MAX_LIMIT).after(page.join());
        assertThat(ids(page(next)))
                .containsExactlyElementsOf(IntStream.rangeClosed(Slice.SESSIONS + 2, Slice.SESSIONS + 20)
                        .mapToObj(Long::valueOf)
                        .toList());
    }

    @Test
    void theLookGoesOnBehindASessionThatEndsWhenItIsNextInTurn() {
        List<FakeLink> links = open(Slice.SESSIONS + 20);
        stage.data(Slice.SESSIONS + 20, "waits");
        CompletableFuture<SessionPage> page = ask(SessionQuery.page(Order.MOST_WAITING, 1));
        stage.sessions.kick(Slice.SESSIONS + 1);
        links.get(Slice.SESSIONS).answers();
        assertThat(ids(finish(page))).containsExactly(Slice.SESSIONS + 20L);
    }

    @Test
    void nothingIsKeptForAPageThatIsAnswered() {
        open(3 * Slice.SESSIONS);
        page(SessionQuery.page(Order.OLDEST_FIRST, 1));
        page(SessionQuery.page(Order.MOST_WAITING, 1));
        assertThat(tables.get(0).walks()).isZero();
    }

    @Test
    void whereTheSessionLoopTakesNoMoreTasksThePageFails() {
        open(Slice.SESSIONS + 1);
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
        SessionPage last = new SessionPage(List.of(), Optional.empty());
        assertThatThrownBy(() -> SessionQuery.page(Order.OLDEST_FIRST, 1).after(last))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
