package net.voltlane.server.fleet;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import net.voltlane.server.guard.Ban;
import net.voltlane.server.guard.Ban.Cause;
import net.voltlane.server.guard.BanPage;
import net.voltlane.server.guard.Bans;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.log.LogField;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.store.Fleet;
import net.voltlane.server.store.Fleet.SharedBan;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exchange of bans with the other servers of the fleet. Every server holds all bans by itself and asks no store for one;
 * the store brings changes to the others.
 *
 * <p>Two things go out: changes by this server, as soon as the store is there, and bans that the store has lost. The store
 * remembers for a while which bans were lifted, so that a lost one can be told from a lifted one. Two come in: messages about
 * single bans, and the whole list, which is compared when messages may have been missed, and once a minute. Messages and
 * answers may arrive in any order. So a ban that this server has just changed is not touched by a message; the next
 * comparison, asked for later, tells what stands.
 *
 * <p>Ends travel as the time that is left, by the store's clock. Clocks of other machines do not matter.
 *
 * <p>All methods but the constructor run on one thread, which serves no clients.
 */
public final class SharedBans {
    /** The time between two calls of {@link #tick}. */
    public static final long TICK_MILLIS = 1_000;
    /** Ticks from one comparison to the next. */
    static final int COMPARED_EVERY = 60;
    /**
     * Comparisons that may follow one another without that pause. During an attack each one finds changes that are newer than
     * it, and without a bound all servers would read the whole list each second.
     */
    static final int MOST_EARLY = 5;
    /** Ticks after which one more may. */
    static final int EARLY_AGAIN = 10;
    /** Ticks for which messages about a place that was changed here are not believed. */
    private static final int TOUCHED_FOR = 10;
    /** The time for which the store remembers that a ban was lifted: a server that was away for longer may bring it back. */
    static final long REMEMBER_MILLIS = TimeUnit.DAYS.toMillis(7);
    /** Changes that wait for the store. Bans by operators, as many by the server, and as many that were lifted. */
    static final int MAX_WAITING = 2 * Bans.MAX_OF_OPERATORS + Bans.MAX_TAKEN_OVER;

    private static final int MAX_UNDER_WAY = 256;
    /** The difference between two ends that is due to the way of a message. */
    private static final Duration SAME_END = Duration.ofSeconds(5);
    /** A rest of a ban that is not worth being written again. Otherwise the last moment of each would go round the fleet. */
    private static final long SHORT_REST_MILLIS = 5_000;

    private static final long MAX_MILLIS = TimeUnit.SECONDS.toMillis(Bans.MAX_SECS);

    private static final Logger log = LoggerFactory.getLogger(SharedBans.class);

    private enum Change {
        /** Given or lifted by this server, or by an operator at it. */
        MADE,
        /** Lost by the store. */
        LOST
    }

    private final Fleet fleet;
    private final Bans bans;
    private final BooleanSupplier isUp;
    private final Supplier<String> name;
    private final BoundedTasks tasks;
    private final Counters counters;

    private final Map<Ban.Place, Change> waiting = new LinkedHashMap<>();
    private final Map<Ban.Place, Change> underWay = new HashMap<>();
    /** Places that were changed here lately, with the tick of the last change. */
    private final Map<Ban.Place, Long> touched = new HashMap<>();
    /** Bans for wrong proofs that the store has, as far as is known. */
    private int proofsInStore;

    private long tick;
    private long comparedTick = -COMPARED_EVERY;
    private boolean isDue;
    private int early = MOST_EARLY;
    private boolean isAsking;

    private int taken;
    private int lifted;
    private @Nullable Ban last;

    /**
     * @param isUp true if the store is there, as far as is known
     * @param name the name of this server, for operators
     * @param thread the thread that this belongs to
     * @param counters that thread's
     */
    public SharedBans(
            Fleet fleet, Bans bans, BooleanSupplier isUp, Supplier<String> name, Executor thread, Counters counters) {
        this.fleet = fleet;
        this.bans = bans;
        this.isUp = isUp;
        this.name = name;
        tasks = new BoundedTasks(thread, MAX_WAITING);
        this.counters = counters;
        bans.onChange(place -> tasks.offer(() -> changed(place)));
        fleet.onBan(new Messages());
    }

    /** Does what is due. To be called each {@link #TICK_MILLIS}. */
    public void tick() {
        tick++;
        long dropped = tasks.takeDropped();
        if (dropped > 0) {
            counters.add(Metric.BANS_NOT_SHARED, dropped);
            isDue = true; // the comparison finds what they told, but for bans that were lifted here
        }
        if (tick % EARLY_AGAIN == 0 && early < MOST_EARLY) {
            early++;
        }
        touched.values().removeIf(changed -> tick - changed > TOUCHED_FOR);
        if (!isUp.getAsBoolean()) {
            comparedTick = tick - COMPARED_EVERY;
        } else {
            send();
            compareIfDue();
        }
        logChanges();
    }

    // ---- to the store

    private void changed(Ban.Place place) {
        touch(place);
        boolean isTooMany = waiting.size() >= MAX_WAITING && !waiting.containsKey(place);
        if (isTooMany || isOneTooManyForProofs(place)) {
            counters.count(Metric.BANS_NOT_SHARED);
            return;
        }
        waiting.put(place, Change.MADE);
        send();
    }

    private void touch(Ban.Place place) {
        if (touched.size() < MAX_WAITING) {
            touched.put(place, tick);
        }
    }

    /** An attacker makes the server give bans for wrong proofs, so what the store gets of them is bounded. */
    private boolean isOneTooManyForProofs(Ban.Place place) {
        return place.cause() == Cause.WRONG_PROOFS
                && proofsInStore >= Bans.MAX_TAKEN_OVER
                && bans.find(place).isPresent();
    }

    /** Sends what waits, but one change of a place at a time. */
    private void send() {
        Iterator<Map.Entry<Ban.Place, Change>> next = waiting.entrySet().iterator();
        while (isUp.getAsBoolean() && underWay.size() < MAX_UNDER_WAY && next.hasNext()) {
            Map.Entry<Ban.Place, Change> change = next.next();
            Ban.Place place = change.getKey();
            if (!underWay.containsKey(place)) {
                underWay.put(place, change.getValue());
                next.remove();
                send(place, change.getValue());
            }
        }
    }

    private void send(Ban.Place place, Change change) {
        Ban ban = bans.find(place).orElse(null);
        String text = BanText.place(place);
        CompletionStage<Boolean> answer;
        if (change == Change.MADE) {
            answer = (ban == null ? fleet.endBan(text, REMEMBER_MILLIS) : fleet.ban(text, facts(ban), keepMillis(ban)))
                    .thenApply(done -> true);
        } else if (ban == null || isShort(ban)) {
            answer = CompletableFuture.completedFuture(true);
        } else {
            answer = fleet.restoreBan(text, facts(ban), keepMillis(ban));
        }
        if (ban != null && place.cause() == Cause.WRONG_PROOFS) {
            proofsInStore++;
        }
        answer.whenComplete((written, failure) -> tasks.run(() -> sent(place, written)));
    }

    private void sent(Ban.Place place, @Nullable Boolean written) {
        Change change = underWay.remove(place);
        if (written == null) {
            if (change != null) {
                waiting.putIfAbsent(place, change); // until the next tick
            }
            return;
        }
        if (change == Change.MADE) {
            touch(place); // messages from before this answer may still arrive
        }
        isDue |= !written; // somebody was quicker: see what stands
        send();
    }

    private byte[] facts(Ban ban) {
        return BanText.facts(ban.server() == null ? name.get() : ban.server());
    }

    private static long keepMillis(Ban ban) {
        return ban.endsIn() == null ? 0 : Math.max(1, ban.endsIn().toMillis());
    }

    private static boolean isShort(Ban ban) {
        return ban.endsIn() != null && ban.endsIn().toMillis() < SHORT_REST_MILLIS;
    }

    // ---- from the store

    /** Messages of the store. On a thread of its own. */
    private final class Messages implements Fleet.BanListener {
        @Override
        public void banned(SharedBan ban) {
            tasks.offer(() -> heard(ban));
        }

        @Override
        public void ended(String place) {
            tasks.offer(() -> heard(new SharedBan(place, null, 0)));
        }

        @Override
        public void missed() {
            tasks.offer(() -> {
                comparedTick = tick - COMPARED_EVERY;
                isDue |= isAsking; // what was asked for before may be outdated
                compareIfDue();
                send();
            });
        }
    }

    private void heard(SharedBan ban) {
        Ban.Place place = BanText.place(ban.place());
        if (place == null || ban.keepMillis() < 0) {
            return;
        }
        if (touched.containsKey(place) || isOpen(place)) {
            isDue = true;
        } else {
            if (ban.ban() != null
                    && place.cause() == Cause.WRONG_PROOFS
                    && bans.find(place).isEmpty()) {
                proofsInStore++;
            }
            apply(place, ban);
        }
    }

    /** True if the store is still to hear of this place. */
    private boolean isOpen(Ban.Place place) {
        return waiting.get(place) == Change.MADE || underWay.get(place) == Change.MADE;
    }

    private void compareIfDue() {
        boolean isRegular = tick - comparedTick >= COMPARED_EVERY;
        if (!isAsking && (isRegular || isDue && early > 0) && isUp.getAsBoolean()) {
            early -= isRegular ? 0 : 1;
            isAsking = true;
            isDue = false;
            long askedTick = tick;
            fleet.bans().whenComplete((stand, failure) -> tasks.run(() -> compare(stand, askedTick)));
        }
    }

    private void compare(@Nullable List<SharedBan> stand, long askedTick) {
        isAsking = false;
        comparedTick = askedTick;
        if (stand == null) {
            isDue = true;
            return;
        }
        proofsInStore = 0;
        Set<Ban.Place> known = new HashSet<>();
        for (SharedBan ban : stand) {
            Ban.Place place = BanText.place(ban.place());
            if (place == null) {
                continue;
            }
            known.add(place);
            if (ban.ban() != null && place.cause() == Cause.WRONG_PROOFS) {
                proofsInStore++;
            }
            if (touched.getOrDefault(place, -1L) >= askedTick) {
                isDue = true; // what was asked for may be older than the change here
            } else if (!isOpen(place)) {
                apply(place, ban);
            }
        }
        writeLost(known);
        send();
    }

    /** Has those bans written again that this server holds and the store has lost. */
    private void writeLost(Set<Ban.Place> known) {
        int proofs = proofsInStore;
        BanPage page = new BanPage(List.of(), null);
        do {
            page = bans.page(page.next(), Bans.MAX_LIMIT);
            for (Ban ban : page.bans()) {
                Ban.Place place = ban.place();
                boolean isForProofs = place.cause() == Cause.WRONG_PROOFS;
                if (!known.contains(place)
                        && !isShort(ban)
                        && waiting.size() < MAX_WAITING
                        && (!isForProofs || proofs < Bans.MAX_TAKEN_OVER)
                        && !underWay.containsKey(place)) {
                    waiting.putIfAbsent(place, Change.LOST);
                    proofs += isForProofs ? 1 : 0;
                }
            }
        } while (page.next() != null);
    }

    private void apply(Ban.Place place, SharedBan shared) {
        Ban known = bans.find(place).orElse(null);
        if (shared.ban() == null) {
            waiting.remove(place);
            if (bans.drop(place)) {
                lifted++;
                last = known;
            }
            return;
        }
        Duration endsIn =
                shared.keepMillis() == 0 ? null : Duration.ofMillis(Math.min(shared.keepMillis(), MAX_MILLIS));
        boolean isOwn = known != null && known.server() == null && place.cause() == Cause.WRONG_PROOFS;
        if (isOwn || known != null && isSameEnd(known.endsIn(), endsIn)) {
            return;
        }
        String server = BanText.server(shared.ban());
        if (bans.takeOver(place, endsIn, server)) {
            counters.count(Metric.BANS_TAKEN_OVER);
            taken++;
            last = new Ban(place.network(), place.cause(), server, endsIn);
        } else {
            counters.count(Metric.BANS_NOT_SHARED);
        }
    }

    private static boolean isSameEnd(@Nullable Duration one, @Nullable Duration other) {
        if (one == null || other == null) {
            return one == other;
        }
        return one.minus(other).abs().compareTo(SAME_END) <= 0;
    }

    private void logChanges() {
        Ban example = last;
        if (taken + lifted == 0 || example == null) {
            return;
        }
        LogEvent.BANS_TAKEN_OVER
                .on(log)
                .addKeyValue(LogField.ADDRESS.key(), example.network())
                .log(
                        "Bans of the fleet: {} taken over, {} lifted (last: {}, {}, by {})",
                        taken,
                        lifted,
                        example.network(),
                        example.cause().text(),
                        example.server() == null ? "this server" : example.server());
        taken = 0;
        lifted = 0;
        last = null;
    }
}
