package net.voltlane.server.session;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import net.voltlane.server.link.Owner;
import net.voltlane.server.session.SessionQuery.Order;
import org.jspecify.annotations.Nullable;

/**
 * Puts pages of sessions together without holding a loop: a task on the session loop looks at {@link #SLICE} sessions
 * at most, and the next one is queued behind whatever waits there. The links of a page's sessions are then asked on
 * their own loops. Nothing is kept for sessions that are on no page. Belongs to the session loop.
 */
@SuppressWarnings("UndefinedEquals") // futures are told apart by identity
final class SessionPager {
    static final int SLICE = 256;

    private final Owner owner;
    private final SessionTable table;
    private final Supplier<SessionSettings> settings;
    private final LongSupplier nanoClock;
    /** Answers that a caller waits for. */
    private final Set<CompletableFuture<?>> underWay = new HashSet<>();

    SessionPager(Owner owner, SessionTable table, Supplier<SessionSettings> settings, LongSupplier nanoClock) {
        this.owner = owner;
        this.table = table;
        this.settings = settings;
        this.nanoClock = nanoClock;
    }

    /** @param sessionLoop runs the slices */
    void page(SessionQuery query, Executor sessionLoop, CompletableFuture<SessionPage> page) {
        underWay.add(page);
        new Request(query, sessionLoop, page).slice();
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
                settings.get().missed());
        return SessionView.of(session, missed, nanoClock.getAsLong());
    }

    /** Completes the answer on another thread, so that the caller's code can't hold up the loop. */
    private <T> void complete(CompletableFuture<T> answer, T value) {
        assert owner.isCurrent() : "belongs to the session loop";
        if (underWay.remove(answer)) {
            answer.completeAsync(() -> value);
        }
    }

    /** The server has ended: answers under way fail. */
    void release() {
        underWay.forEach(answer -> answer.completeExceptionally(new IllegalStateException("the server has ended")));
        underWay.clear();
    }

    /** A page under way. */
    private final class Request {
        private final SessionQuery query;
        private final Executor sessionLoop;
        private final CompletableFuture<SessionPage> page;
        private final SessionTable.Walk walk;
        /** The sessions of the page so far, in its order; for a ranking the one that is to give way first. */
        private final Collection<Ranked> found;

        /** Opening time of the last session on the page, behind which the next page begins; empty at the end. */
        private OptionalLong next = OptionalLong.empty();

        private @Nullable SessionView[] views = {};
        private int unanswered;

        Request(SessionQuery query, Executor sessionLoop, CompletableFuture<SessionPage> page) {
            this.query = query;
            this.sessionLoop = sessionLoop;
            this.page = page;
            walk = table.walk(query.order() == Order.NEWEST_FIRST);
            found = query.order() == Order.MOST_WAITING ? new PriorityQueue<>() : new ArrayList<>();
        }

        /** Looks at the next sessions. */
        void slice() {
            assert owner.isCurrent() : "belongs to the session loop";
            if (!underWay.contains(page)) {
                walk.close(); // the server has ended
                return;
            }
            for (int i = 0; i < SLICE; i++) {
                Session session = walk.next();
                if (session == null) {
                    next = OptionalLong.empty();
                    askLinks();
                    return;
                }
                if (!take(session)) {
                    askLinks();
                    return;
                }
            }
            try {
                sessionLoop.execute(this::slice);
            } catch (RejectedExecutionException ended) {
                walk.close();
                underWay.remove(page);
                page.completeExceptionally(ended);
            }
        }

        /** Puts a session on the page if it belongs there; false where the page is full. */
        private boolean take(Session session) {
            if (query.isBehindUs(session) || !query.matches(session)) {
                return true;
            }
            Ranked ranked = new Ranked(session, session.waitingBytes());
            if (found instanceof PriorityQueue<Ranked> ranking) {
                ranking.add(ranked);
                if (ranking.size() > query.limit()) {
                    ranking.remove();
                }
                return true;
            }
            if (found.size() == query.limit()) {
                return false;
            }
            found.add(ranked);
            next = OptionalLong.of(session.openedAtNanos);
            return true;
        }

        /** The page's sessions are known: asks their links for the figures that only links have. */
        private void askLinks() {
            walk.close();
            Session[] sessions = inOrder();
            views = new SessionView[sessions.length];
            unanswered = 1;
            for (int i = 0; i < sessions.length; i++) {
                Session session = sessions[i];
                ClientPort port = session.port();
                int place = i;
                SessionView view = view(session);
                views[place] = view;
                if (port != null) {
                    unanswered++;
                    port.look(link -> answered(place, view.with(link)));
                }
            }
            settle();
        }

        private Session[] inOrder() {
            Ranked[] all = found.toArray(Ranked[]::new);
            if (query.order() == Order.MOST_WAITING) {
                Arrays.sort(all, Comparator.reverseOrder());
            }
            return Arrays.stream(all)
                    .map(Ranked::session)
                    .filter(session -> session.state() != Session.State.ENDED)
                    .toArray(Session[]::new);
        }

        private void answered(int place, SessionView view) {
            views[place] = view;
            settle();
        }

        private void settle() {
            if (--unanswered == 0) {
                complete(page, new SessionPage(List.of(views), next));
            }
        }
    }

    /** A session in a ranking: the less waits for it the sooner it gives way, and the newer sessions before the older. */
    private record Ranked(Session session, long waitingBytes) implements Comparable<Ranked> {
        @Override
        public int compareTo(Ranked other) {
            int byBytes = Long.compare(waitingBytes, other.waitingBytes);
            return byBytes != 0 ? byBytes : Long.signum(other.session.openedAtNanos - session.openedAtNanos);
        }
    }
}
