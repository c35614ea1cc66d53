package net.voltlane.server.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The exchange between servers that share a {@link FakeStorage}. Answers as the {@link FakeRecordStore} of the server does. */
public final class FakeFleet implements Fleet {
    private record Until<T extends @Nullable Object>(T what, long millis) {}

    private record Place(long id, long epoch) {}

    private record Waiting(
            Place place, FakeFleet fleet, CompletableFuture<byte @Nullable []> answer, long untilMillis) {}

    /** The part that all servers of a place have in common. */
    static final class Shared {
        private final FakeStorage storage;
        private final List<FakeFleet> fleets = new ArrayList<>();
        private final Map<String, Until<byte[]>> members = new TreeMap<>();
        private final Map<Place, Until<byte[]>> left = new HashMap<>();
        private final List<Waiting> waiting = new ArrayList<>();
        private final Map<String, Until<byte @Nullable []>> bans = new TreeMap<>();
        private @Nullable String identity;

        Shared(FakeStorage storage) {
            this.storage = storage;
        }

        void timePassed() {
            long now = storage.nowMillis();
            members.values().removeIf(until -> until.millis <= now);
            left.values().removeIf(until -> until.millis <= now);
            bans.values().removeIf(until -> until.millis <= now);
            for (Waiting late : List.copyOf(waiting)) {
                if (late.untilMillis <= now) {
                    waiting.remove(late);
                    late.answer.complete(null);
                }
            }
        }

        void losesBans() {
            bans.clear();
        }

        private long until(long keepMillis) {
            return keepMillis == 0 ? Long.MAX_VALUE : storage.nowMillis() + keepMillis;
        }
    }

    private final Shared shared;
    private final FakeRecordStore store;
    private @Nullable BanListener banListener;

    FakeFleet(Shared shared, FakeRecordStore store) {
        this.shared = shared;
        this.store = store;
        shared.fleets.add(this);
    }

    void closed() {
        shared.fleets.remove(this);
        for (Waiting mine : List.copyOf(shared.waiting)) {
            if (mine.fleet == this) {
                shared.waiting.remove(mine);
                mine.answer.completeExceptionally(new StoreException("the store is closed"));
            }
        }
    }

    @Override
    public CompletionStage<String> identity(String fingerprint) {
        return store.ask("identity", () -> {
            String standing = shared.identity == null ? fingerprint : shared.identity;
            shared.identity = standing;
            return standing;
        });
    }

    @Override
    public CompletionStage<@Nullable Void> beat(String owner, byte[] entry, long keepMillis) {
        return store.ask("beat", () -> {
            shared.members.put(owner, new Until<>(entry.clone(), shared.until(keepMillis)));
            return null;
        });
    }

    @Override
    public CompletionStage<@Nullable Void> leave(String owner) {
        return store.ask("leave", () -> {
            shared.members.remove(owner);
            return null;
        });
    }

    @Override
    public CompletionStage<List<Member>> members() {
        return store.ask(
                "members",
                () -> shared.members.entrySet().stream()
                        .map(member -> new Member(member.getKey(), member.getValue().what))
                        .toList());
    }

    @Override
    public CompletionStage<@Nullable Void> handOver(long id, long epoch, byte[] sealed, long keepMillis) {
        return store.ask("hand over " + id, () -> {
            Place place = new Place(id, epoch);
            for (Waiting taker : List.copyOf(shared.waiting)) {
                if (taker.place.equals(place)) {
                    shared.waiting.remove(taker);
                    taker.answer.complete(sealed.clone());
                    return null;
                }
            }
            shared.left.put(place, new Until<>(sealed.clone(), shared.until(keepMillis)));
            return null;
        });
    }

    @Override
    public CompletionStage<byte @Nullable []> takeOver(long id, long epoch, long withinMillis) {
        CompletableFuture<byte @Nullable []> answer = new CompletableFuture<>();
        store.<@Nullable Void>ask("take over " + id, () -> {
                    Place place = new Place(id, epoch);
                    Until<byte[]> there = shared.left.remove(place);
                    if (there == null) {
                        shared.waiting.add(new Waiting(place, this, answer, shared.until(withinMillis)));
                    } else {
                        answer.complete(there.what);
                    }
                    return null;
                })
                .exceptionally(why -> {
                    answer.completeExceptionally(why);
                    return null;
                });
        return answer;
    }

    @Override
    public CompletionStage<@Nullable Void> ban(String place, byte[] ban, long keepMillis) {
        return store.ask("ban", () -> {
            write(place, ban, keepMillis);
            return null;
        });
    }

    @Override
    public CompletionStage<Boolean> restoreBan(String place, byte[] ban, long keepMillis) {
        return store.ask("restore ban", () -> {
            boolean isLost = !shared.bans.containsKey(place);
            if (isLost) {
                write(place, ban, keepMillis);
            }
            return isLost;
        });
    }

    private void write(String place, byte[] ban, long keepMillis) {
        shared.bans.put(place, new Until<>(ban.clone(), shared.until(keepMillis)));
        tellOthers(hears -> hears.banned(new SharedBan(place, ban.clone(), keepMillis)));
    }

    @Override
    public CompletionStage<@Nullable Void> endBan(String place, long rememberMillis) {
        return store.ask("end ban", () -> {
            shared.bans.put(place, new Until<>(null, shared.until(rememberMillis)));
            tellOthers(hears -> hears.ended(place));
            return null;
        });
    }

    private void tellOthers(Consumer<BanListener> what) {
        for (FakeFleet other : List.copyOf(shared.fleets)) {
            if (other != this && other.banListener != null && other.store.isUp()) {
                what.accept(other.banListener);
            }
        }
    }

    /** The store is there, or there again. */
    void up() {
        if (banListener != null) {
            banListener.missed();
        }
    }

    @Override
    public CompletionStage<List<SharedBan>> bans() {
        return store.ask(
                "bans",
                () -> shared.bans.entrySet().stream()
                        .map(ban -> new SharedBan(
                                ban.getKey(),
                                ban.getValue().what,
                                ban.getValue().millis == Long.MAX_VALUE
                                        ? 0
                                        : ban.getValue().millis - shared.storage.nowMillis()))
                        .toList());
    }

    @Override
    public void onBan(BanListener listener) {
        banListener = listener;
    }
}
