package net.voltlane.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The contract of every kind of store that several servers can use, sentence by sentence of {@link Fleet}. The tests are
 * left out where a place belongs to one server.
 */
abstract class FleetContract {
    protected static final String A = "a".repeat(32);
    protected static final String B = "b".repeat(32);
    static final long LONG_MILLIS = 600_000;
    static final long SHORT_MILLIS = 2_000;
    static final Duration BEHIND_SHORT = Duration.ofMillis(3_000);
    static final long LIMIT_SECS = 60;

    private final List<RecordStore> opened = new ArrayList<>();

    /**
     * Opens a store on the place of this test, as the server {@code owner}. Called again while the first store is open only
     * where it {@link #isShared}.
     */
    protected abstract RecordStore open(String owner, RecordStore.Listener listener) throws Exception;

    /** Time passes: moved by hand, or really, where it is somebody else's. */
    protected abstract void passes(Duration time) throws Exception;

    /** Restarts whatever keeps the records, in order. All stores are closed. Does nothing where that is the store itself. */
    protected void restarts() throws Exception {}

    /** True if several servers can use the same place. */
    protected abstract boolean isShared();

    @AfterEach
    final void closeAll() {
        opened.forEach(RecordStore::close);
    }

    @Test
    void theFirstIdentityStands() throws Exception {
        Fleet first = fleet(openedUp(A, new Heard()));
        Fleet second = fleet(openedUp(B, new Heard()));
        assertThat(answer(first.identity("one"))).isEqualTo("one");
        assertThat(answer(second.identity("two"))).isEqualTo("one");
        assertThat(answer(first.identity("one"))).isEqualTo("one");
    }

    @Test
    void membersAreThereForTheirTime() throws Exception {
        Fleet first = fleet(openedUp(A, new Heard()));
        Fleet second = fleet(openedUp(B, new Heard()));
        byte[] large = new byte[4_096];
        Arrays.fill(large, (byte) 'x');
        assertThat(answer(first.members())).isEmpty();
        answer(first.beat(A, bytes("{\"name\":\"old\"}"), LONG_MILLIS));
        answer(first.beat(A, bytes("{\"name\":\"a\"}"), LONG_MILLIS));
        answer(second.beat(B, large, LONG_MILLIS));
        assertThat(members(second)).containsExactlyInAnyOrder(A + " {\"name\":\"a\"}", B + " " + text(large));
        answer(second.beat(B, bytes("{}"), SHORT_MILLIS));
        passes(BEHIND_SHORT);
        assertThat(members(first)).containsExactly(A + " {\"name\":\"a\"}");
        answer(first.leave(A));
        assertThat(members(second)).isEmpty();
    }

    @Test
    void whatIsHandedOverIsTakenOnce() throws Exception {
        Fleet first = fleet(openedUp(A, new Heard()));
        Fleet second = fleet(openedUp(B, new Heard()));
        byte[] large = new byte[1 << 20];
        new Random(18).nextBytes(large);
        answer(first.handOver(7, 2, large, LONG_MILLIS));
        answer(first.handOver(7, 3, bytes("of the next epoch"), LONG_MILLIS));
        assertThat(answer(second.takeOver(7, 2, 10_000))).isEqualTo(large);
        assertThat(answer(second.takeOver(7, 3, 10_000))).isEqualTo(bytes("of the next epoch"));
        CompletionStage<byte @Nullable []> again = second.takeOver(7, 2, 1);
        passes(Duration.ofMillis(100));
        assertThat(answer(again)).isNull();
    }

    @Test
    void whoeverTakesOverWaits() throws Exception {
        Fleet first = fleet(openedUp(A, new Heard()));
        Fleet second = fleet(openedUp(B, new Heard()));
        CompletionStage<byte @Nullable []> taken = second.takeOver(7, 2, LIMIT_SECS * 1_000);
        answer(second.members()); // the question has arrived
        answer(first.handOver(7, 2, bytes("late"), LONG_MILLIS));
        assertThat(answer(taken)).isEqualTo(bytes("late"));
    }

    @Test
    void nothingComesInTime() throws Exception {
        Fleet first = fleet(openedUp(A, new Heard()));
        Fleet second = fleet(openedUp(B, new Heard()));
        answer(first.handOver(8, 2, bytes("of another session"), LONG_MILLIS));
        answer(first.handOver(9, 2, bytes("gone by then"), SHORT_MILLIS));
        CompletionStage<byte @Nullable []> taken = second.takeOver(7, 2, 100);
        passes(BEHIND_SHORT);
        assertThat(answer(taken)).isNull();
        CompletionStage<byte @Nullable []> gone = second.takeOver(9, 2, 1);
        passes(Duration.ofMillis(100));
        assertThat(answer(gone)).isNull();
    }

    @Test
    void bansAreSharedAndTold() throws Exception {
        Fleet first = fleet(openedUp(A, new Heard()));
        Fleet second = fleet(openedUp(B, new Heard()));
        LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
        LinkedBlockingQueue<String> own = new LinkedBlockingQueue<>();
        second.onBan(bansHeard(heard));
        first.onBan(bansHeard(own));
        answer(first.members());
        answer(second.members());
        byte[] large = new byte[1_024];
        Arrays.fill(large, (byte) 'w');
        answer(first.ban("192.0.2.0/24", large, 0));
        answer(first.ban("2001:db8::1", bytes("why"), LONG_MILLIS));
        answer(first.ban("192.0.2.7", bytes("shortly"), SHORT_MILLIS));
        assertThat(heard.poll(LIMIT_SECS, TimeUnit.SECONDS)).isEqualTo("192.0.2.0/24 " + text(large) + " for ever");
        assertThat(heard.poll(LIMIT_SECS, TimeUnit.SECONDS)).isEqualTo("2001:db8::1 why for a time");
        assertThat(heard.poll(LIMIT_SECS, TimeUnit.SECONDS)).isEqualTo("192.0.2.7 shortly for a time");
        passes(BEHIND_SHORT);
        List<Fleet.SharedBan> bans = answer(second.bans());
        assertThat(bans)
                .extracting(ban -> ban.place() + (ban.keepMillis() == 0 ? " for ever" : " for a time"))
                .containsExactlyInAnyOrder("192.0.2.0/24 for ever", "2001:db8::1 for a time");
        assertThat(bans).allMatch(ban -> ban.keepMillis() < LONG_MILLIS); // the time that is left
        answer(second.endBan("192.0.2.0/24", LONG_MILLIS));
        assertThat(own.poll(LIMIT_SECS, TimeUnit.SECONDS)).isEqualTo("192.0.2.0/24 ended"); // and nothing of its own
        assertThat(answer(first.bans()))
                .extracting(ban -> ban.place() + (ban.ban() == null ? " ended" : " stands"))
                .containsExactlyInAnyOrder("192.0.2.0/24 ended", "2001:db8::1 stands");
        assertThat(heard).isEmpty();
    }

    @Test
    void aBanIsWrittenAgainOnlyWhereItIsLost() throws Exception {
        Fleet first = fleet(openedUp(A, new Heard()));
        Fleet second = fleet(openedUp(B, new Heard()));
        LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
        second.onBan(bansHeard(heard));
        answer(second.members());
        assertThat(answer(first.restoreBan("192.0.2.1", bytes("lost"), LONG_MILLIS)))
                .isTrue();
        assertThat(heard.poll(LIMIT_SECS, TimeUnit.SECONDS)).isEqualTo("192.0.2.1 lost for a time");
        assertThat(answer(first.restoreBan("192.0.2.1", bytes("older"), 0))).isFalse();

        answer(first.ban("192.0.2.2", bytes("over soon"), SHORT_MILLIS));
        answer(first.endBan("192.0.2.3", SHORT_MILLIS));
        answer(first.endBan("192.0.2.4", LONG_MILLIS));
        passes(BEHIND_SHORT);
        assertThat(answer(first.restoreBan("192.0.2.2", bytes("again"), 0))).isTrue();
        assertThat(answer(first.restoreBan("192.0.2.3", bytes("end forgotten"), 0)))
                .isTrue();
        assertThat(answer(first.restoreBan("192.0.2.4", bytes("ended"), 0))).isFalse();
        assertThat(answer(second.bans()))
                .extracting(ban -> ban.place() + " " + (ban.ban() == null ? "-" : text(ban.ban())))
                .containsExactlyInAnyOrder(
                        "192.0.2.1 lost", "192.0.2.2 again", "192.0.2.3 end forgotten", "192.0.2.4 -");
    }

    @Test
    void bansOutliveTheServer() throws Exception {
        RecordStore store = openedUp(A, new Heard());
        answer(fleet(store).ban("192.0.2.7", bytes("why"), 0));
        store.close();
        restarts();
        List<Fleet.SharedBan> bans = answer(fleet(openedUp(B, new Heard())).bans());
        assertThat(bans).extracting(Fleet.SharedBan::place).containsExactly("192.0.2.7");
        assertThat(bans.get(0).ban()).isEqualTo(bytes("why"));
    }

    // ---- helpers

    final RecordStore opened(String owner, RecordStore.Listener listener) throws Exception {
        RecordStore store = open(owner, listener);
        opened.add(store);
        return store;
    }

    /** Opens one of several stores; the test is left out where a place has only one. */
    final RecordStore openedUp(String owner, Heard heard) throws Exception {
        assumeTrue(isShared(), "belongs to one server");
        RecordStore store = opened(owner, heard);
        assertThat(heard.next()).isEqualTo("up");
        return store;
    }

    static Fleet fleet(RecordStore store) {
        Fleet fleet = store.fleet();
        assertThat(fleet).isNotNull();
        return fleet;
    }

    /** The answer to a question, which comes in time. */
    protected static <T> T answer(CompletionStage<T> asked) throws Exception {
        return asked.toCompletableFuture().get(LIMIT_SECS, TimeUnit.SECONDS);
    }

    private static List<String> members(Fleet fleet) throws Exception {
        return answer(fleet.members()).stream()
                .map(member -> member.owner() + " " + text(member.entry()))
                .toList();
    }

    private static Fleet.BanListener bansHeard(LinkedBlockingQueue<String> heard) {
        return new Fleet.BanListener() {
            @Override
            public void banned(Fleet.SharedBan ban) {
                heard.add(ban.place() + " " + text(Objects.requireNonNull(ban.ban()))
                        + (ban.keepMillis() == 0 ? " for ever" : " for a time"));
            }

            @Override
            public void ended(String place) {
                heard.add(place + " ended");
            }

            @Override
            public void missed() {
                // the store was there before
            }
        };
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** A listener that notes everything that it hears, in order. */
    protected static final class Heard implements RecordStore.Listener {
        final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();

        String next() throws InterruptedException {
            return String.valueOf(events.poll(LIMIT_SECS, TimeUnit.SECONDS));
        }

        @Override
        public void claimed(Claimed by) {
            events.add("claimed " + by);
        }

        @Override
        public void up() {
            events.add("up");
        }

        @Override
        public void down(StoreException why) {
            events.add("down");
        }
    }
}
