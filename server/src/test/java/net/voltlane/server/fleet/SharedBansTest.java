package net.voltlane.server.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import net.voltlane.server.address.Cidr;
import net.voltlane.server.guard.Admission;
import net.voltlane.server.guard.Ban;
import net.voltlane.server.guard.Ban.Cause;
import net.voltlane.server.guard.Bans;
import net.voltlane.server.guard.Guard;
import net.voltlane.server.guard.GuardLimits;
import net.voltlane.server.guard.ResumeLimits;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.server.store.Claimed;
import net.voltlane.server.store.FakeRecordStore;
import net.voltlane.server.store.FakeStorage;
import net.voltlane.server.store.Fleet;
import net.voltlane.server.store.RecordStore;
import net.voltlane.server.store.StoreException;
import net.voltlane.testkit.ManualClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Bans that hold on all servers of a fleet, with a store in memory and time that is moved by hand. */
final class SharedBansTest {
    private static final String ADDRESS = "192.0.2.7";
    private static final String GUESSER = "198.51.100.9";
    private static final RecordStore.Listener NOBODY = new RecordStore.Listener() {
        @Override
        public void claimed(Claimed by) {}

        @Override
        public void up() {}

        @Override
        public void down(StoreException why) {}
    };

    private final FakeStorage storage = new FakeStorage();
    private final List<Server> servers = new ArrayList<>();
    private final Server one = new Server("server-1");
    private final Server two = new Server("server-2");

    @Test
    void aBanHoldsOnAllServersUntilItsEnd() {
        one.ban(ADDRESS, Duration.ofSeconds(100));
        settle();
        assertThat(two.list()).containsExactly("192.0.2.7 operator server-1 PT1M40S");
        assertThat(one.list()).containsExactly("192.0.2.7 operator - PT1M40S");
        assertThat(two.isRefused(ADDRESS)).isTrue();
        assertThat(two.isRefused("192.0.2.8")).isFalse();

        passes(Duration.ofSeconds(99));
        assertThat(two.isRefused(ADDRESS)).isTrue();
        passes(Duration.ofSeconds(1));
        assertThat(two.isRefused(ADDRESS)).isFalse();
        assertThat(two.count(Metric.BANS_TAKEN_OVER)).isOne();
    }

    @Test
    void aBanOfANetworkHasNoEnd() {
        one.ban("2001:db8::/32", null);
        settle();
        passes(Duration.ofDays(400));
        assertThat(two.list()).containsExactly("2001:db8::/32 operator server-1 for ever");
        assertThat(two.isRefused("2001:db8:1::7")).isTrue();
    }

    @Test
    void whoeverLiftsABanLiftsItEverywhere() {
        one.ban(ADDRESS, null);
        settle();
        assertThat(two.lift(ADDRESS)).isTrue();
        settle();
        ticks(1);
        assertThat(one.list()).isEmpty();
        assertThat(one.isRefused(ADDRESS)).isFalse();
        ticks(2 * SharedBans.COMPARED_EVERY);
        assertThat(two.list()).as("it does not come back").isEmpty();
        assertThat(new Server("server-3").settled().list()).isEmpty();
    }

    @Test
    void aBanForWrongProofsIsSharedAndLiftedToo() {
        one.guessesKeys(GUESSER);
        settle();
        assertThat(two.list()).containsExactly("198.51.100.9 wrong proofs server-1 PT1M");
        assertThat(two.isRefused(GUESSER)).isTrue();

        assertThat(two.lift(GUESSER)).isTrue();
        settle();
        ticks(1);
        assertThat(one.list()).isEmpty();
        assertThat(one.isRefused(GUESSER)).isFalse();
    }

    @Test
    void aShortBanForWrongProofsLeavesTheOperatorsBanAsItIs() {
        two.ban(GUESSER, null);
        one.guessesKeys(GUESSER);
        settle();
        Server three = new Server("server-3").settled();
        assertThat(three.list())
                .containsExactly("198.51.100.9 operator server-2 for ever", "198.51.100.9 wrong proofs server-1 PT1M");
    }

    @Test
    void aServerThatJoinsTakesTheBansOverWithTheTimeThatIsLeft() {
        one.ban(ADDRESS, Duration.ofSeconds(100));
        one.ban("10.0.0.0/8", null);
        settle();
        passes(Duration.ofSeconds(40));
        Server three = new Server("server-3").settled();
        assertThat(three.list())
                .containsExactly("10.0.0.0/8 operator server-1 for ever", "192.0.2.7 operator server-1 PT1M");
    }

    @Test
    void bansThatWereMadeWhileTheStoreWasAwayAreSharedWhenItIsBack() {
        one.ban("192.0.2.1", null);
        settle();
        one.store.goesDown();
        one.ban(ADDRESS, Duration.ofSeconds(100));
        one.lift("192.0.2.1");
        settle();
        passes(Duration.ofSeconds(30));
        assertThat(two.list()).containsExactly("192.0.2.1 operator server-1 for ever");

        one.store.comesUp();
        settle();
        assertThat(two.list()).containsExactly("192.0.2.7 operator server-1 PT1M10S");
        assertThat(one.list()).containsExactly("192.0.2.7 operator - PT1M10S");
    }

    @Test
    void aServerThatComesBackTakesOverWhatHappenedMeanwhile() {
        one.ban("192.0.2.1", null);
        settle();
        two.store.goesDown();
        one.lift("192.0.2.1");
        one.ban(ADDRESS, null);
        settle();
        assertThat(two.list()).containsExactly("192.0.2.1 operator server-1 for ever");
        two.store.comesUp();
        settle();
        assertThat(two.list()).containsExactly("192.0.2.7 operator server-1 for ever");
        assertThat(one.list())
                .as("the lifted ban is not brought back")
                .containsExactly("192.0.2.7 operator - for ever");
    }

    @Test
    void aStoreThatHasLostTheBansGetsThemAgain() {
        one.ban(ADDRESS, Duration.ofSeconds(100));
        two.ban("10.0.0.0/8", null);
        one.guessesKeys(GUESSER);
        settle();
        servers.forEach(server -> server.store.goesDown());
        storage.losesBans();
        passes(Duration.ofSeconds(10));
        servers.forEach(server -> server.store.comesUp());
        settle();
        assertThat(one.list()).hasSize(3);
        assertThat(two.list()).hasSize(3);
        assertThat(new Server("server-3").settled().list())
                .containsExactly(
                        "10.0.0.0/8 operator server-2 for ever",
                        "192.0.2.7 operator server-1 PT1M30S",
                        "198.51.100.9 wrong proofs server-1 PT50S");
    }

    @Test
    void aBanThatWasMadeElsewhereIsWrittenAgainIfItsServerIsGone() {
        one.ban(ADDRESS, null);
        settle();
        one.store.close();
        servers.remove(one);
        storage.losesBans();
        ticks(SharedBans.COMPARED_EVERY);
        assertThat(new Server("server-3").settled().list()).containsExactly("192.0.2.7 operator server-1 for ever");
    }

    @Test
    void aMessageThatWasLostIsMadeUpForWithinAMinute() {
        settle();
        two.hearsNothing = true;
        one.ban(ADDRESS, null);
        settle();
        two.hearsNothing = false;
        assertThat(two.list()).isEmpty();
        ticks(SharedBans.COMPARED_EVERY);
        assertThat(two.list()).hasSize(1);
    }

    @Test
    void twoServersThatDisagreeEndWithWhatTheStoreHas() {
        one.ban(ADDRESS, null);
        settle();
        // Each has not heard of the other's change when it makes its own. The lift reaches the store last.
        two.lift(ADDRESS);
        one.ban(ADDRESS, Duration.ofSeconds(1_000));
        one.runs();
        two.runs();
        settle();
        ticks(2);
        assertThat(one.list()).isEmpty();
        assertThat(two.list()).isEmpty();
    }

    @Test
    void anAnswerFromBeforeALiftDoesNotBringTheBanBack() {
        one.ban(ADDRESS, null);
        settle();
        two.store.answersByHand();
        two.store.comesUp(); // asks for all bans
        two.runs();
        two.store.performs();
        two.lift(ADDRESS);
        two.runs();
        two.store.answersOnly(1); // the lift has arrived
        two.runs();
        two.store.answers();
        two.runs();
        assertThat(two.list()).isEmpty();
    }

    @Test
    void whatWasHeardTooEarlyIsAskedForInTheNextSecond() {
        one.ban(ADDRESS, null);
        settle();
        two.lift(ADDRESS);
        settle();
        ticks(1);
        two.lift(ADDRESS);
        two.ban(ADDRESS, null);
        two.lift(ADDRESS);
        settle();
        one.ban(ADDRESS, Duration.ofSeconds(100));
        settle();
        two.store.comesUp();
        settle();
        assertThat(two.list()).isEmpty();
        ticks(1);
        assertThat(two.list()).hasSize(1);
    }

    @Test
    void aMessageDoesNotUndoAChangeThatIsStillOnItsWay() {
        one.ban(ADDRESS, null);
        settle();
        two.store.answersByHand();
        two.lift(ADDRESS);
        ticks(20);
        one.ban(ADDRESS, Duration.ofSeconds(100));
        settle();
        assertThat(two.list()).isEmpty();
        two.store.answersAtOnce();
        settle();
        ticks(2);
        assertThat(one.list()).isEmpty();
        assertThat(two.list()).isEmpty();
    }

    @Test
    void aBanThatWasRenewedElsewhereGetsItsNewEnd() {
        one.ban(ADDRESS, Duration.ofSeconds(100));
        settle();
        two.ban(ADDRESS, Duration.ofSeconds(1_000));
        settle();
        ticks(2);
        assertThat(one.list()).containsExactly("192.0.2.7 operator server-2 PT16M40S");
        assertThat(two.list()).containsExactly("192.0.2.7 operator - PT16M40S");
    }

    @Test
    void whatTheStoreDidNotTakeIsSentAgain() {
        one.store.failsNext(1);
        one.ban(ADDRESS, null);
        settle();
        assertThat(two.list()).isEmpty();
        ticks(1);
        assertThat(two.list()).hasSize(1);
    }

    @Test
    void theWholeListIsNotReadEachSecondWhileBansAreGiven() {
        settle();
        two.store.calls();
        for (int i = 0; i < 100; i++) {
            two.ban("192.0.2." + i, null);
            one.ban("192.0.2." + i, Duration.ofSeconds(1_000)); // neither has heard of the other's
            ticks(1);
        }
        assertThat(two.store.calls().stream().filter(call -> call.startsWith("bans")))
                .hasSizeLessThanOrEqualTo(SharedBans.MOST_EARLY + 100 / SharedBans.EARLY_AGAIN + 2);
        ticks(2 * SharedBans.EARLY_AGAIN);
        assertThat(two.list()).hasSize(100);
        for (String ban : one.list()) {
            String place = ban.substring(0, ban.indexOf(' '));
            String end = ban.substring(ban.lastIndexOf(' '));
            assertThat(two.list()).anyMatch(its -> its.startsWith(place + " ") && its.endsWith(end));
        }
    }

    @Test
    void nobodyIsFloodedByBansForWrongProofs() {
        Fleet fleet = Objects.requireNonNull(one.store.fleet());
        for (int i = 0; i <= Bans.MAX_TAKEN_OVER; i++) {
            fleet.ban("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255) + " wrong-proofs", new byte[0], 0);
        }
        one.ban(ADDRESS, null);
        settle();
        ticks(1);
        assertThat(two.list()).hasSize(Bans.MAX_TAKEN_OVER + 1);
        assertThat(two.isRefused(ADDRESS))
                .as("operators have places of their own")
                .isTrue();
        assertThat(two.count(Metric.BANS_NOT_SHARED)).isPositive();

        two.guessesKeys(GUESSER);
        settle();
        assertThat(two.isRefused(GUESSER)).isTrue();
        assertThat(one.isRefused(GUESSER)).as("the store has enough").isFalse();
    }

    @Test
    void whatIsNotUnderstoodIsSkipped() {
        Fleet fleet = Objects.requireNonNull(one.store.fleet());
        fleet.ban("nobody", new byte[] {1, 2, 3}, 0);
        fleet.ban("192.0.2.1 another-cause", new byte[0], 0);
        fleet.ban("192.0.2.2", "a line\n\nserver=x\ty\u0007\n".getBytes(StandardCharsets.UTF_8), 0);
        fleet.endBan("[]", 1_000);
        settle();
        ticks(SharedBans.COMPARED_EVERY);
        assertThat(two.list()).containsExactly("192.0.2.2 operator x y  for ever");
    }

    // ---- helpers

    /** Time passes on all servers and in the store, without a tick. */
    private void passes(Duration time) {
        storage.passes(time);
        servers.forEach(server -> server.clock.advance(time));
        settle();
    }

    private void ticks(int ticks) {
        for (int i = 0; i < ticks; i++) {
            servers.forEach(server -> server.shared.tick());
            settle();
        }
    }

    /** Everything that was asked is answered. */
    private void settle() {
        boolean isBusy = true;
        while (isBusy) {
            isBusy = false;
            for (Server server : List.copyOf(servers)) {
                isBusy |= server.runs();
            }
        }
    }

    private final class Server {
        private final ManualClock clock = new ManualClock();
        private final Metrics metrics = new Metrics();
        private final GuardLimits limits = GuardLimits.OFF.withResumes(new ResumeLimits(1, 60));
        private final Guard guard = new Guard(limits, metrics, clock, clock);
        private final Queue<Runnable> tasks = new ArrayDeque<>();
        private final FakeRecordStore store;
        private final SharedBans shared;
        private boolean hearsNothing;

        Server(String name) {
            store = storage.open(name, NOBODY);
            Fleet fleet = Objects.requireNonNull(store.fleet());
            shared = new SharedBans(fleet, guard.bans(), store::isUp, () -> name, tasks::add, metrics.newCounters());
            servers.add(this);
            shared.tick();
        }

        Server settled() {
            settle();
            return this;
        }

        boolean runs() {
            boolean hasRun = false;
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                if (!hearsNothing) {
                    task.run();
                }
                hasRun = true;
            }
            return hasRun;
        }

        void ban(String network, @Nullable Duration duration) {
            assertThat(guard.bans().add(network(network), duration)).isPresent();
        }

        boolean lift(String network) {
            return guard.bans().lift(network(network));
        }

        void guessesKeys(String address) {
            Admission admission = guard.arrives(inet(address), () -> {});
            while (!guard.failed(admission)) {
                // one more
            }
        }

        boolean isRefused(String address) {
            Admission admission = guard.arrives(inet(address), () -> {});
            boolean isRefused = !admission.isAdmitted() && admission.limit() == Metric.REFUSED_BANNED;
            guard.leaves(admission);
            return isRefused;
        }

        List<String> list() {
            List<String> list = new ArrayList<>();
            var page = guard.bans().page(null, Bans.MAX_LIMIT);
            while (true) {
                page.bans().forEach(ban -> list.add(text(ban)));
                if (page.next() == null) {
                    return list;
                }
                page = guard.bans().page(page.next(), Bans.MAX_LIMIT);
            }
        }

        long count(Metric metric) {
            return metrics.sum(metric);
        }
    }

    private static String text(Ban ban) {
        return String.join(
                " ",
                Arrays.asList(
                        ban.network().toString(),
                        ban.cause() == Cause.OPERATOR ? "operator" : "wrong proofs",
                        ban.server() == null ? "-" : ban.server(),
                        ban.endsIn() == null ? "for ever" : ban.endsIn().toString()));
    }

    private static Cidr network(String text) {
        return Objects.requireNonNull(Cidr.parse(text));
    }

    private static InetAddress inet(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
