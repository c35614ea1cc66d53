package net.voltlane.store.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import net.voltlane.server.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Knows whether Redis is up, and gets it back. On the store's thread only.
 *
 * <pre>
 *   dial ──► subscribe ──► probe ──► up ──┬─ an error about Redis as a whole, silence ──► down, probe again
 *    ▲                                    ├─ the link is lost ────────────────────────────► down, dial again
 *    └── with pauses up to 2 s ───────────┴─ a replica, or 5 s of silence ────────────────► down, close the link, dial again
 * </pre>
 *
 * A probe writes: a Redis that is full, a replica, or one that can't save answers a {@code PING} as well. What was asked
 * of a silent Redis is still in its queue, so its link is kept for some seconds: on another one, newer questions could
 * overtake older ones.
 */
final class Supervisor implements Asker.Watcher {
    private static final long PROBE_MILLIS = 1_000;
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long MAX_PAUSE_MILLIS = 2_000;
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final byte[] PROBE_LASTS = "60000".getBytes(US_ASCII);

    private final EventLoop loop;
    private final Link.Dialer dialer;
    private final Keys keys;
    private final Troubles troubles;
    private final long connectMillis;
    private final Outcome outcome;
    private final List<byte[]> channels;
    private final Asker asker;

    private @Nullable Link link;
    /** Counts links and dials, so that what belongs to a former one is known. */
    private int attempt;

    private boolean isUp;
    private boolean wasTold;
    private boolean isClosed;
    private long pauseMillis = FIRST_PAUSE_MILLIS;
    private long downSinceNanos;
    private boolean isSilent;
    private @Nullable ScheduledFuture<?> next;
    /** In a cluster, the node of this key is asked: the last one that has failed. */
    private byte[] probed;

    Supervisor(EventLoop loop, Link.Dialer dialer, Keys keys, Settings settings, Troubles troubles, Outcome outcome) {
        this.loop = loop;
        this.dialer = dialer;
        this.keys = keys;
        this.troubles = troubles;
        this.connectMillis = settings.connectMillis();
        this.channels = settings.channels();
        this.outcome = outcome;
        this.probed = keys.identity();
        this.asker = new Asker(loop, settings.timeoutMillis(), troubles, this);
    }

    /**
     * Settings of the supervisor.
     *
     * @param timeoutMillis the time for each question
     * @param connectMillis the time for a connection
     * @param channels what is heard
     */
    record Settings(long timeoutMillis, long connectMillis, List<byte[]> channels) {}

    /** Hears what becomes of Redis. */
    interface Outcome {
        /** Redis is there. */
        void up();

        /** Redis is not there. Once, until {@link #up}. */
        void down(StoreException why);

        /** Something was published. */
        void message(byte[] channel, byte[] message);

        /** Redis was up for another second. */
        void tick();
    }

    Asker asker() {
        return asker;
    }

    /** Starts to dial. */
    void start() {
        dial();
    }

    // ---- the link

    private void dial() {
        if (isClosed) {
            return;
        }
        int mine = ++attempt;
        CompletionStage<Link> dialled;
        try {
            dialled = dialer.dial(eventsOf(mine));
        } catch (RuntimeException e) { // files for TLS that can't be read any more
            notReached(mine, e);
            return;
        }
        loop.schedule(() -> tooLate(mine), 2 * connectMillis + PROBE_MILLIS, TimeUnit.MILLISECONDS);
        dialled.whenComplete(here((made, failure) -> {
            if (mine != attempt || isClosed) {
                if (made != null) {
                    made.close();
                }
            } else if (made == null) {
                notReached(mine, failure);
            } else {
                connected(made);
            }
        }));
    }

    private Link.Events eventsOf(int mine) {
        return new Link.Events() {
            @Override
            public void message(byte[] channel, byte[] message) {
                loop.execute(() -> {
                    if (mine == attempt) {
                        outcome.message(channel, message);
                    }
                });
            }

            @Override
            public void lost() {
                loop.execute(() -> {
                    if (mine == attempt && !isClosed) {
                        Supervisor.this.lost();
                    }
                });
            }
        };
    }

    private void tooLate(int mine) {
        if (mine == attempt && link == null && !isClosed) {
            notReached(mine, new TimeoutException());
        }
    }

    private void notReached(int mine, @Nullable Throwable why) {
        if (mine == attempt) {
            attempt++;
            down(why == null ? troubles.lost() : troubles.text(why));
            again(this::dial);
        }
    }

    private void connected(Link made) {
        int mine = attempt;
        link = made;
        asker.use(made);
        made.prepare();
        made.subscribe(channels).whenComplete(here((done, failure) -> {
            if (mine == attempt && failure != null && !isClosed) {
                drop(troubles.text(failure));
            }
        }));
        probe();
    }

    /** A connection was lost. A cluster's are connected again by the library; but what was in that node may be gone. */
    private void lost() {
        if (link == null) {
            notReached(attempt, null);
        } else if (link.isOneNode()) {
            drop(troubles.lost());
        } else {
            down(troubles.lost());
            again(this::probe);
        }
    }

    /** Closes the link and dials anew. */
    private void drop(String why) {
        attempt++;
        Link old = link;
        link = null;
        asker.use(null);
        down(why);
        again(this::dial);
        if (old != null) {
            old.close();
        }
    }

    // ---- whether it answers

    private void probe() {
        int mine = attempt;
        byte[] key = keys.probe(probed);
        asker.askAnyway(Question.of(Script.PROBE, key, PROBE_LASTS), answered -> true)
                .whenComplete((yes, failure) -> {
                    if (mine == attempt && !isClosed && failure == null) {
                        up();
                    }
                });
    }

    /** Called for probes as for all other questions. */
    @Override
    public void failed(Question question, Throwable why) {
        if (isClosed || link == null || !Troubles.isAboutAll(why)) {
            return;
        }
        if (!suspect(question)) {
            return;
        }
        if (link.isOneNode() && Troubles.isReplica(why)) {
            drop(troubles.text(why));
        } else {
            down(troubles.text(why));
            again(this::probe);
        }
    }

    @Override
    public void late(Question question, boolean silent) {
        if (isClosed || link == null || !suspect(question)) {
            return;
        }
        if (!isUp && isSilent && silent && System.nanoTime() - downSinceNanos > SILENCE_NANOS) {
            drop(troubles.late());
        } else if (link.isOneNode() ? silent : question.isProbe()) {
            isSilent = true;
            down(troubles.late());
            again(this::probe);
        } else {
            probe(); // others have answers: is it slow, or is one node away?
        }
    }

    /** It was silent, and has answered a question whose time was over. */
    @Override
    public void woke() {
        if (!isClosed && link != null && !isUp && isSilent) {
            isSilent = false;
            later(this::probe, 0);
        }
    }

    /** Returns false if nothing new is learnt, as a probe is under way already. */
    private boolean suspect(Question question) {
        if (question.isProbe()) {
            return true;
        }
        if (isUp && question.key().length > 0) {
            probed = question.key();
        }
        return isUp;
    }

    private void up() {
        pauseMillis = FIRST_PAUSE_MILLIS;
        isSilent = false;
        later(this::probe, PROBE_MILLIS);
        if (isUp) {
            outcome.tick();
        } else {
            isUp = true;
            wasTold = false;
            asker.open(true);
            outcome.up();
        }
    }

    private void down(String why) {
        troubles.down(why);
        asker.open(false);
        if (isUp || !wasTold) {
            downSinceNanos = System.nanoTime();
            isUp = false;
            wasTold = true;
            outcome.down(new StoreException(why));
        }
    }

    private void again(Runnable what) {
        long pause = pauseMillis;
        pauseMillis = Math.min(MAX_PAUSE_MILLIS, 2 * pauseMillis);
        later(what, pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1));
    }

    private void later(Runnable what, long millis) {
        if (next != null) {
            next.cancel(false);
        }
        next = loop.schedule(
                () -> {
                    if (!isClosed) {
                        what.run();
                    }
                },
                millis,
                TimeUnit.MILLISECONDS);
    }

    /** Takes no more questions; runs {@code idle} once none is under way. */
    void close(Runnable idle) {
        isClosed = true;
        if (next != null) {
            next.cancel(false);
        }
        asker.close(idle);
    }

    /** Fails what is still under way, and closes the link. */
    void closeLink() {
        attempt++;
        asker.failAll(new StoreException("The store is closed"));
        if (link != null) {
            link.close();
            link = null;
        }
        dialer.close();
    }

    private <T> BiConsumer<T, @Nullable Throwable> here(BiConsumer<T, @Nullable Throwable> what) {
        return (value, failure) -> {
            if (loop.inEventLoop()) {
                what.accept(value, failure);
            } else {
                loop.execute(() -> what.accept(value, failure));
            }
        };
    }
}
