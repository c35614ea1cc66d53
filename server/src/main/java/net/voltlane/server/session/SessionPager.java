package net.voltlane.server.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.voltlane.server.link.Owner;
import net.voltlane.server.session.SessionRankings.Ranking;
import org.jspecify.annotations.Nullable;

/**
 * Puts pages of sessions together without holding a loop. The sessions of a page are searched for in small tasks of the
 * session loop, for one page at a time, while other pages wait. A ranking is sorted on another thread. The links of a
 * page's sessions are then asked on their own loops. For sessions that are on no page, nothing is kept but the ids of
 * {@link SessionRankings}. Belongs to the session loop.
 */
@SuppressWarnings("UndefinedEquals") // futures are told apart by identity
final class SessionPager {
    /** Pages that wait while another one is searched for; one more is refused. */
    static final int MAX_WAITING = 64;

    /** Links that are asked in one task: each costs its loop a system call, and this one an answer. */
    static final int LOOKS = 32;

    private final Owner owner;
    private final SessionTable table;
    private final Supplier<SessionSettings> settings;
    private final LongSupplier nanoClock;
    private final SessionRankings rankings = new SessionRankings();
    /** Answers that a caller waits for. */
    private final Set<CompletableFuture<?>> underWay = new HashSet<>();

    private final Deque<Request> waiting = new ArrayDeque<>();
    private @Nullable Request searching;

    SessionPager(Owner owner, SessionTable table, Supplier<SessionSettings> settings, LongSupplier nanoClock) {
        this.owner = owner;
        this.table = table;
        this.settings = settings;
        this.nanoClock = nanoClock;
    }

    /**
     * Puts a page together.
     *
     * @param sessionLoop runs tasks on the session loop, each after the loop has looked at its sockets
     */
    void page(SessionQuery query, Executor sessionLoop, CompletableFuture<SessionPage> page) {
        underWay.add(page);
        Request request = new Request(query, sessionLoop, page);
        if (searching == null) {
            searching = request;
            request.begin();
        } else if (waiting.size() < MAX_WAITING) {
            waiting.add(request);
        } else {
            fail(page, new TooManyPagesException());
        }
    }

    /** Looks at one session, if there is one under this id. */
    void one(long id, CompletableFuture<Optional<SessionView>> answer) {
        Session session = table.get(id);
        if (session == null) {
            answer.completeAsync(Optional::empty);
            return;
        }
        SessionView view = view(session);
        ClientPort port = session.port();
        if (port == null) {
            answer.completeAsync(() -> Optional.of(view));
        } else {
            underWay.add(answer);
            port.look(link -> complete(answer, Optional.of(view.with(link))));
        }
    }

    private SessionView view(Session session) {
        Undelivered kept = session.undelivered;
        QueueView missed = new QueueView(
                kept == null ? 0 : kept.packets(),
                kept == null ? 0 : kept.bytes(),
                session.protocol().bounds(settings.get()));
        return SessionView.of(session, missed, nanoClock.getAsLong());
    }

    /** Completes the answer on another thread, so that the caller's code can't hold up the loop. */
    private <T> void complete(CompletableFuture<T> answer, T value) {
        assert owner.isCurrent() : "belongs to the session loop";
        if (underWay.remove(answer)) {
            answer.completeAsync(() -> value);
        }
    }

    private void fail(CompletableFuture<?> answer, Throwable cause) {
        if (underWay.remove(answer)) {
            CompletableFuture.runAsync(() -> answer.completeExceptionally(cause));
        }
    }

    /** Forgets the rankings whose time is over, even if nobody asks for another one. */
    void forgetOld() {
        rankings.forgetOld(nanoClock.getAsLong());
    }

    /** The number of rankings that are kept. */
    int rankings() {
        return rankings.size();
    }

    /** The server has ended: answers under way fail. */
    void release() {
        underWay.forEach(answer -> answer.completeExceptionally(new IllegalStateException("the server has ended")));
        underWay.clear();
        waiting.clear();
        rankings.clear();
    }

    // ---- one page after the other

    /** A page that was asked for. */
    private final class Request {
        private final SessionQuery query;
        private final Executor sessionLoop;
        private final CompletableFuture<SessionPage> page;
        /** Gives up the search that is under way. */
        private Runnable giveUp = () -> {};

        Request(SessionQuery query, Executor sessionLoop, CompletableFuture<SessionPage> page) {
            this.query = query;
            this.sessionLoop = sessionLoop;
            this.page = page;
        }

        void begin() {
            SessionCursor after = query.after();
            if (!query.order().isRanking()) {
                search(new PageSearch.ByOpening(query, table));
            } else if (after == null) {
                RankingSearch all = new RankingSearch(query, table, nanoClock.getAsLong());
                giveUp = all::close;
                collect(all);
            } else {
                Ranking ranking = rankings.turn(query, after.place(), nanoClock.getAsLong());
                if (ranking == null || after.at() < 0 || after.at() > ranking.ids.length) {
                    over(() -> fail(page, new ExpiredCursorException()));
                } else {
                    search(new PageSearch.ByRank(query, table, ranking, (int) after.at()));
                }
            }
        }

        /** Collects the sessions of a ranking, which is then sorted elsewhere. */
        private void collect(RankingSearch all) {
            if (!all.look(new Slice(nanoClock))) {
                later(() -> collect(all));
                return;
            }
            giveUp = () -> {};
            CompletableFuture.supplyAsync(all::sortedIds)
                    .whenComplete((ids, failure) -> later(() -> {
                        if (failure != null) {
                            over(() -> fail(page, failure));
                        } else {
                            Ranking ranking = rankings.add(query, ids, nanoClock.getAsLong());
                            search(new PageSearch.ByRank(query, table, ranking, 0));
                        }
                    }));
        }

        private void search(PageSearch search) {
            giveUp = search::close;
            if (search.look(new Slice(nanoClock))) {
                search.close();
                giveUp = () -> {};
                ask(new Views(page, search.found(), search.next()));
            } else {
                later(() -> search(search));
            }
        }

        private void ask(Views views) {
            if (views.ask()) {
                over(() -> {});
            } else {
                later(() -> ask(views));
            }
        }

        private void over(Runnable last) {
            assert searching == this : "one at a time";
            last.run();
            Request next = waiting.poll();
            searching = next;
            if (next != null) {
                next.later(next::begin);
            }
        }

        /** Goes on in another task of the session loop, unless the server ends before. Any thread. */
        private void later(Runnable step) {
            try {
                sessionLoop.execute(() -> {
                    assert owner.isCurrent() : "belongs to the session loop";
                    if (underWay.contains(page)) {
                        step.run();
                    } else {
                        over(giveUp); // the server has ended
                    }
                });
            } catch (RejectedExecutionException ended) {
                giveUp.run();
                page.completeExceptionally(ended);
            }
        }
    }

    /** The sessions of a page, as they and their links are. */
    private final class Views {
        private final CompletableFuture<SessionPage> page;
        private final List<Session> sessions;
        private final Optional<SessionCursor> next;
        private final @Nullable SessionView[] views;
        private int asked;
        private int unanswered = 1;

        Views(CompletableFuture<SessionPage> page, List<Session> sessions, Optional<SessionCursor> next) {
            this.page = page;
            this.sessions = sessions;
            this.next = next;
            views = new SessionView[sessions.size()];
        }

        /**
         * Asks the next sessions' links for the figures that only links have.
         *
         * @return true if all are asked
         */
        boolean ask() {
            int end = Math.min(asked + LOOKS, views.length);
            for (; asked < end; asked++) {
                Session session = sessions.get(asked);
                if (session.state() != Session.State.ENDED) { // else it has ended since it was found
                    ask(session, asked);
                }
            }
            if (asked < views.length) {
                return false;
            }
            settle();
            return true;
        }

        private void ask(Session session, int place) {
            ClientPort port = session.port();
            SessionView view = view(session);
            views[place] = view;
            if (port != null) {
                unanswered++;
                port.look(link -> answered(place, view.with(link)));
            }
        }

        private void answered(int place, SessionView view) {
            views[place] = view;
            settle();
        }

        private void settle() {
            if (--unanswered == 0) {
                complete(
                        page,
                        new SessionPage(
                                Stream.of(views).filter(Objects::nonNull).toList(), next));
            }
        }
    }
}
