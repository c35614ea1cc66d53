package net.voltlane.server.guard;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import net.voltlane.server.address.Cidr;
import net.voltlane.server.guard.Ban.Cause;
import net.voltlane.server.guard.Ban.Place;
import org.jspecify.annotations.Nullable;

/**
 * All bans: those that operators gave, a list of those that a {@link Source} has for wrong proofs, and those of both kinds
 * that other servers of the fleet gave. A ban ends no connection that has a session; it keeps others from beginning one. The
 * public methods are thread-safe: they take the {@link Guard}'s lock for a few hundred steps at most. The others are called
 * with that lock held.
 */
public final class Bans {
    /** The number of bans that operators may give, those that they gave at other servers of the fleet included. */
    public static final int MAX_OF_OPERATORS = 10_000;
    /** The number of bans for wrong proofs that are taken over from other servers of the fleet. */
    public static final int MAX_TAKEN_OVER = 10_000;
    /** The longest ban that ends by itself, about 68 years. */
    public static final long MAX_SECS = Integer.MAX_VALUE;

    /** Bans on one page at most. */
    public static final int MAX_LIMIT = 256;

    /** Bans that a page skips at most because they are over. */
    private static final int MAX_SKIPPED = 1_024;
    /** Bans that each new ban looks at, to forget those that are over. More than one, so that the list shrinks. */
    private static final int LOOKED_AT = 4;
    /** The time between two walks over all bans of operators, for those that other servers gave. */
    private static final long WALK_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final int PREFIXES = 129;

    /**
     * A ban that stands or is over.
     *
     * @param source the source that is banned for wrong proofs, and knows until when; null for another ban
     * @param server the name of the server that gave it; null: this one
     * @param isEndless true if it does not end by itself
     */
    private record Entry(@Nullable Source source, @Nullable String server, boolean isEndless, long untilNanos) {
        long endsInNanos(long nowNanos) {
            return source != null ? source.bannedForNanos(nowNanos) : untilNanos - nowNanos;
        }

        boolean isOver(long nowNanos) {
            return !isEndless && endsInNanos(nowNanos) <= 0;
        }
    }

    private final Object lock;
    private final LongSupplier nanoClock;
    private final NavigableMap<Place, Entry> entries = new TreeMap<>();
    /** Bans without a source by the length of their prefix, so that a connection is looked up for these lengths alone. */
    private final int[] prefixesV4 = new int[PREFIXES];

    private final int[] prefixesV6 = new int[PREFIXES];
    private int ofOperators;
    /** Bans for wrong proofs at other servers. */
    private int takenOver;

    /** The time of the last walk over all bans of operators for one that another server gave. */
    private long walkedNanos;

    private @Nullable Listener listener;
    /** The last ban that was looked at for being over; null: none. */
    private @Nullable Place lookedAt;

    /**
     * @param lock the guard's
     * @param nanoClock real time
     */
    Bans(Object lock, LongSupplier nanoClock) {
        this.lock = lock;
        this.nanoClock = nanoClock;
        walkedNanos = nanoClock.getAsLong() - WALK_PAUSE_NANOS;
    }

    /** Hears of bans that this server or its operators have given, replaced or lifted. */
    public interface Listener {
        /** The ban of this place has changed. Called with the guard's lock held: the listener only enqueues. */
        void changed(Place place);
    }

    /** Tells this listener of bans from now on. */
    public void onChange(Listener next) {
        synchronized (lock) {
            listener = next;
        }
    }

    // ---- for operators ----

    /**
     * Bans an address or a network. A ban that an operator gave it before is replaced.
     *
     * @param duration at most {@link #MAX_SECS}; null: until it is lifted, or the server ends
     * @return the ban; empty where there are {@link #MAX_OF_OPERATORS} already
     */
    public Optional<Ban> add(Cidr network, @Nullable Duration duration) {
        if (duration != null && (duration.isNegative() || duration.isZero() || duration.toSeconds() > MAX_SECS)) {
            throw new IllegalArgumentException("duration: " + duration + " (expected: above 0, up to 2^31 - 1 s)");
        }
        synchronized (lock) {
            long nowNanos = nanoClock.getAsLong();
            Place place = new Place(Cause.OPERATOR, network);
            if (!entries.containsKey(place) && ofOperators >= MAX_OF_OPERATORS) {
                forgetOperatorsOver(nowNanos);
                if (ofOperators >= MAX_OF_OPERATORS) {
                    return Optional.empty();
                }
            }
            Entry entry = entry(null, duration, nowNanos);
            put(place, entry);
            tell(place);
            return Optional.of(view(place, entry, nowNanos));
        }
    }

    /**
     * Lifts the bans of exactly this address or network, whatever their cause. Wrong proofs before it no longer count.
     *
     * @return true if there was one
     */
    public boolean lift(Cidr network) {
        synchronized (lock) {
            long nowNanos = nanoClock.getAsLong();
            boolean wasBanned = false;
            for (Cause cause : Cause.values()) {
                Place place = new Place(cause, network);
                Entry entry = entries.get(place);
                if (entry != null) {
                    wasBanned |= !entry.isOver(nowNanos);
                    remove(place, entry, nowNanos);
                    tell(place);
                }
            }
            return wasBanned;
        }
    }

    /** The ban of this place; empty where there is none, or it is over. */
    public Optional<Ban> find(Place place) {
        synchronized (lock) {
            long nowNanos = nanoClock.getAsLong();
            Entry entry = entries.get(place);
            return entry == null || entry.isOver(nowNanos)
                    ? Optional.empty()
                    : Optional.of(view(place, entry, nowNanos));
        }
    }

    /**
     * A page of bans: those of operators first, and each kind in the order of addresses.
     *
     * @param after the {@link BanPage#next} of the page before; null: the first page
     * @param limit the most bans on the page, at most {@link #MAX_LIMIT}
     */
    public BanPage page(@Nullable Place after, int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: 1 to " + MAX_LIMIT + ")");
        }
        synchronized (lock) {
            long nowNanos = nanoClock.getAsLong();
            List<Ban> page = new ArrayList<>();
            Place last = after;
            for (int skipped = 0; skipped < MAX_SKIPPED; ) {
                Map.Entry<Place, Entry> next = last == null ? entries.firstEntry() : entries.higherEntry(last);
                if (next == null) {
                    return new BanPage(List.copyOf(page), null);
                }
                boolean isOver = next.getValue().isOver(nowNanos);
                if (!isOver && page.size() == limit) {
                    break;
                }
                last = next.getKey();
                if (isOver) {
                    remove(last);
                    skipped++;
                } else {
                    page.add(view(last, next.getValue(), nowNanos));
                }
            }
            return new BanPage(List.copyOf(page), last);
        }
    }

    /** The number of bans that operators gave, as far as they are not known to be over. */
    public int ofOperators() {
        synchronized (lock) {
            return ofOperators;
        }
    }

    private static Ban view(Place place, Entry entry, long nowNanos) {
        Duration endsIn = entry.isEndless() ? null : Duration.ofNanos(entry.endsInNanos(nowNanos));
        return new Ban(place.network(), place.cause(), entry.server(), endsIn);
    }

    private static Entry entry(@Nullable String server, @Nullable Duration duration, long nowNanos) {
        return new Entry(null, server, duration == null, duration == null ? 0 : nowNanos + duration.toNanos());
    }

    // ---- for the fleet ----

    /**
     * Takes over a ban that another server gave. A ban of the same place is replaced, unless it is one for wrong proofs at
     * this server. The listener does not hear of it.
     *
     * @param server the name of the other server
     * @param duration as in {@link #add}
     * @return false if there are as many as there may be already
     */
    public boolean takeOver(Place place, @Nullable Duration duration, String server) {
        synchronized (lock) {
            long nowNanos = nanoClock.getAsLong();
            Entry known = entries.get(place);
            if (known != null && known.source() != null && !known.isOver(nowNanos)) {
                return true;
            }
            if ((known == null || known.source() != null) && isFull(place.cause())) {
                forgetForTakingOver(place.cause(), nowNanos);
                if (isFull(place.cause())) {
                    return false;
                }
            }
            put(place, entry(server, duration, nowNanos));
            return true;
        }
    }

    /** A store may offer thousands that find no place, so not each of them costs a walk over all bans. */
    private void forgetForTakingOver(Cause cause, long nowNanos) {
        if (cause == Cause.OPERATOR && nowNanos - walkedNanos >= WALK_PAUSE_NANOS) {
            walkedNanos = nowNanos;
            forgetOperatorsOver(nowNanos);
        } else {
            forgetSomeOver(nowNanos);
        }
    }

    private boolean isFull(Cause cause) {
        return cause == Cause.OPERATOR ? ofOperators >= MAX_OF_OPERATORS : takenOver >= MAX_TAKEN_OVER;
    }

    /**
     * Lifts a ban, as another server has. The listener does not hear of it.
     *
     * @return true if there was one
     */
    public boolean drop(Place place) {
        synchronized (lock) {
            long nowNanos = nanoClock.getAsLong();
            Entry entry = entries.get(place);
            if (entry == null) {
                return false;
            }
            boolean wasBanned = !entry.isOver(nowNanos);
            remove(place, entry, nowNanos);
            return wasBanned;
        }
    }

    // ---- for the guard ----

    /** True if an operator, or another server, has banned this address, or a network around it. */
    boolean isBanned(Cidr address, long nowNanos) {
        assert Thread.holdsLock(lock);
        if (ofOperators + takenOver == 0) {
            return false;
        }
        int[] prefixes = address.isV4() ? prefixesV4 : prefixesV6;
        for (int bits = address.prefix(); bits >= 0; bits--) {
            if (prefixes[bits] > 0) {
                Cidr network = address.network(bits);
                if (isListed(Cause.OPERATOR, network, nowNanos) || isListed(Cause.WRONG_PROOFS, network, nowNanos)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isListed(Cause cause, Cidr network, long nowNanos) {
        Entry entry = entries.get(new Place(cause, network));
        return entry != null && entry.source() == null && !entry.isOver(nowNanos);
    }

    /** Notes that a source is banned for wrong proofs from now on. */
    void forWrongProofs(Source source, long nowNanos) {
        assert Thread.holdsLock(lock);
        Place place = new Place(Cause.WRONG_PROOFS, source.network);
        put(place, new Entry(source, null, false, 0));
        tell(place);
        forgetSomeOver(nowNanos);
    }

    /** Looks at a few bans of any kind, in turn, and forgets those that are over. */
    private void forgetSomeOver(long nowNanos) {
        for (int i = 0; i < LOOKED_AT && !entries.isEmpty(); i++) {
            Map.Entry<Place, Entry> next = lookedAt == null ? null : entries.higherEntry(lookedAt);
            Map.Entry<Place, Entry> entry = next == null ? entries.firstEntry() : next;
            lookedAt = entry.getKey();
            if (entry.getValue().isOver(nowNanos)) {
                remove(lookedAt);
            }
        }
    }

    /** The number of bans that are remembered, some of which may be over. */
    int size() {
        assert Thread.holdsLock(lock);
        return entries.size();
    }

    private void put(Place place, Entry entry) {
        Entry former = entries.put(place, entry);
        if (former != null) {
            count(place, former, -1);
        }
        count(place, entry, 1);
    }

    /** Removes a ban, and has wrong proofs before it no longer count. */
    private void remove(Place place, Entry entry, long nowNanos) {
        remove(place);
        if (entry.source() != null) {
            entry.source().pardon(nowNanos);
        }
    }

    private void remove(Place place) {
        Entry entry = entries.remove(place);
        if (entry != null) {
            count(place, entry, -1);
        }
    }

    private void count(Place place, Entry entry, int n) {
        if (entry.source() != null) {
            return;
        }
        if (place.cause() == Cause.OPERATOR) {
            ofOperators += n;
        } else {
            takenOver += n;
        }
        (place.network().isV4() ? prefixesV4 : prefixesV6)[place.network().prefix()] += n;
    }

    /** Forgets the bans of operators that are over: at most {@link #MAX_OF_OPERATORS}, which stand first. */
    private void forgetOperatorsOver(long nowNanos) {
        List<Place> over = new ArrayList<>();
        for (Map.Entry<Place, Entry> entry : entries.entrySet()) {
            if (entry.getKey().cause() != Cause.OPERATOR) {
                break;
            }
            if (entry.getValue().isOver(nowNanos)) {
                over.add(entry.getKey());
            }
        }
        over.forEach(this::remove);
    }

    private void tell(Place place) {
        if (listener != null) {
            listener.changed(place);
        }
    }
}
