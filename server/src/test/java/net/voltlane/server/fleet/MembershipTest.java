package net.voltlane.server.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import net.voltlane.server.store.Fleet;
import net.voltlane.server.store.StoreException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The entries by which servers tell each other of themselves. */
class MembershipTest {
    private final Entries entries = new Entries();
    private final List<String> otherKeys = new ArrayList<>();

    private Membership member(String owner, String advertise, boolean isUp, boolean isDraining) {
        return new Membership(
                entries,
                owner,
                "key",
                () -> new FleetMember(
                        owner, "name of " + owner, advertise, "0.1.0", 1_000, "listening", isUp, isDraining, 10, 2, 11),
                otherKeys::add);
    }

    @Test
    void eachKnowsAllOfThemWithTheirFacts() {
        Membership one = member("a", "a:42000", true, false);
        Membership other = member("b", "", true, true);
        other.beat();
        one.beat();

        assertThat(one.members())
                .containsExactly(
                        new FleetMember(
                                "a", "name of a", "a:42000", "0.1.0", 1_000, "listening", true, false, 10, 2, 11),
                        new FleetMember("b", "name of b", "", "0.1.0", 1_000, "listening", true, true, 10, 2, 11));
        assertThat(one.isThere("b")).isTrue();
        assertThat(one.isThere("c")).isFalse();

        other.leave();
        one.beat();
        assertThat(one.isThere("b")).isFalse();
    }

    @Test
    void clientsAreSentToAServerThatTakesThem() {
        member("draining", "d:1", true, true).beat();
        member("without a backend", "w:1", false, false).beat();
        member("without an address", "", true, false).beat();
        Membership self = member("self", "s:1", true, false);
        self.beat();
        assertThat(self.elsewhere()).isEmpty();

        member("good", "g:1", true, false).beat();
        member("good, too", "h:1", true, false).beat();
        self.beat();
        assertThat(self.elsewhere()).containsExactly("g:1", "h:1");
    }

    @Test
    void whatIsKnownStaysWhileTheStoreIsAway() {
        Membership self = member("self", "", true, false);
        self.beat();
        entries.isDown = true;
        self.beat();

        assertThat(self.members()).hasSize(1);

        entries.isDown = false;
        member("other", "", true, false).beat();
        self.beat();
        assertThat(self.members()).hasSize(2);
    }

    @Test
    void anotherKeyIsToldOnce() {
        entries.identity = "theirs";
        Membership self = member("self", "", true, false);
        entries.isDown = true;
        self.beat();
        assertThat(otherKeys).isEmpty();

        entries.isDown = false;
        self.beat();
        self.beat();
        assertThat(otherKeys).containsExactly("theirs");
    }

    @Test
    void anEntryOfAnotherVersionIsReadAsFarAsItGoes() {
        byte[] entry = "name=x\nfuture=1\nlive=many\n=\nstale=3".getBytes(StandardCharsets.UTF_8);

        assertThat(FleetMember.read("o", entry))
                .isEqualTo(new FleetMember("o", "x", "", "", 0, "", false, false, 0, 3, 0));
    }

    /** The entries of a fleet, answered at once. */
    private static final class Entries implements Fleet {
        private final Map<String, byte[]> entries = new LinkedHashMap<>();
        private final Map<String, byte[]> unused = new HashMap<>();
        private String identity = "key";
        private boolean isDown;

        private <T> CompletionStage<T> answer(T value) {
            return isDown
                    ? CompletableFuture.failedFuture(new StoreException("away"))
                    : CompletableFuture.completedFuture(value);
        }

        @Override
        public CompletionStage<String> identity(String fingerprint) {
            return answer(identity);
        }

        @Override
        public CompletionStage<@Nullable Void> beat(String owner, byte[] entry, long keepMillis) {
            if (!isDown) {
                entries.put(owner, entry);
            }
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<@Nullable Void> leave(String owner) {
            entries.remove(owner);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<List<Member>> members() {
            return answer(entries.entrySet().stream()
                    .map(entry -> new Member(entry.getKey(), entry.getValue()))
                    .toList());
        }

        @Override
        public CompletionStage<@Nullable Void> handOver(long id, long epoch, byte[] sealed, long keepMillis) {
            unused.put(id + "/" + epoch, sealed);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<byte @Nullable []> takeOver(long id, long epoch, long withinMillis) {
            return CompletableFuture.completedFuture(unused.remove(id + "/" + epoch));
        }

        @Override
        public CompletionStage<@Nullable Void> ban(String place, byte[] ban, long keepMillis) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Boolean> restoreBan(String place, byte[] ban, long keepMillis) {
            return answer(true);
        }

        @Override
        public CompletionStage<@Nullable Void> endBan(String place, long rememberMillis) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<List<SharedBan>> bans() {
            return answer(List.of());
        }

        @Override
        public void onBan(BanListener listener) {}
    }
}
