package net.voltlane.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import net.voltlane.tcp.DeadPeerDetector.Finding;
import net.voltlane.tcp.DeadPeerDetector.Traffic;
import net.voltlane.tcp.KernelSockets.Snapshot;
import net.voltlane.tcp.SocketState.Timer;
import net.voltlane.testkit.ManualClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests with a scripted kernel and a clock moved by hand. */
final class DeadPeerDetectorTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final AddressPair ENDS =
            AddressPair.of(new InetSocketAddress("127.0.0.1", 1000), new InetSocketAddress("127.0.0.1", 2000));

    private final ManualClock clock = new ManualClock();
    private final DeadPeerDetector watch = new DeadPeerDetector(ENDS, TIMEOUT.toNanos());
    private boolean kernelTells = true;
    private @Nullable SocketState state;
    private int asked;
    private long sent;
    private long heard;
    private boolean writing;

    private @Nullable Snapshot kernel() {
        asked++;
        Map<AddressPair, SocketState> table = state == null ? Map.of() : Map.of(ENDS, state);
        return kernelTells ? new Snapshot(clock.getAsLong(), table) : null;
    }

    private Finding look() {
        return watch.look(clock.getAsLong(), new Traffic(sent, heard, writing), this::kernel);
    }

    private Finding look(Duration later) {
        clock.advance(later);
        return look();
    }

    private void repeated(int attempts) {
        state = new SocketState(sent, 0, Timer.RETRANSMIT, attempts);
    }

    private void asksForRoom(int attempts) {
        state = new SocketState(sent, 0, Timer.PROBE, attempts);
    }

    /** Looks up to so many times. Returns the number of looks until the peer had vanished, or 0. */
    private int looksUntilVanished(int most) {
        for (int i = 1; i <= most; i++) {
            if (look(LOOK) == Finding.VANISHED) {
                return i;
            }
        }
        return 0;
    }

    @Test
    void onceASecondAndMoreOftenWhereTheTimeoutIsShort() {
        assertThat(watch.lookNanos()).isEqualTo(LOOK.toNanos());
        assertThat(new DeadPeerDetector(ENDS, LOOK.toNanos()).lookNanos())
                .isEqualTo(LOOK.dividedBy(4).toNanos());
    }

    @Test
    void whereNothingIsSentTheKernelIsNotAsked() {
        for (int i = 0; i < 100; i++) {
            heard += 10;
            assertThat(look(LOOK)).isEqualTo(Finding.QUIET);
        }
        assertThat(asked).isZero();
    }

    @Test
    void whereAnswersComeTheKernelIsNotAsked() {
        for (int i = 0; i < 100; i++) {
            sent += 10;
            heard += 10;
            assertThat(look(LOOK)).isEqualTo(Finding.WATCHING);
        }
        assertThat(asked).isZero();
    }

    @Test
    void whenAllIsAcknowledgedItIsQuiet() {
        sent = 10;
        assertThat(look()).isEqualTo(Finding.WATCHING);
        assertThat(look(LOOK)).isEqualTo(Finding.QUIET);
        sent = 20;
        assertThat(look(LOOK)).isEqualTo(Finding.WATCHING);
        sent = 30;
        assertThat(look(LOOK)).isEqualTo(Finding.WATCHING);
        assertThat(look(LOOK)).isEqualTo(Finding.QUIET);
    }

    @Test
    void onePacketThatIsRepeatedInVainForTheTimeoutMeansVanished() {
        sent = 10;
        look();
        for (int second = 1; second <= 20; second++) {
            repeated(second);
            assertThat(look(LOOK)).as("second " + second).isEqualTo(Finding.WATCHING);
        }
        repeated(21);
        assertThat(look(LOOK)).isEqualTo(Finding.VANISHED);
    }

    @Test
    void oneThatGoesOnSendingNoticesAsSoon() {
        sent = 10;
        look();
        repeated(1);
        assertThat(look(LOOK)).isEqualTo(Finding.WATCHING);
        int second = 0;
        Finding found = Finding.WATCHING;
        while (found == Finding.WATCHING) {
            second++;
            sent += 1000;
            repeated(1 + second);
            found = look(LOOK);
        }
        assertThat(found).isEqualTo(Finding.VANISHED);
        assertThat(second).isEqualTo(20);
    }

    @Test
    void anAcknowledgementRestartsTheTimeout() {
        sent = 100;
        look();
        for (int i = 1; i < 200; i++) {
            sent += 1;
            // data is always in flight and always repeated once, but it is other data each time
            state = new SocketState(50, 0, Timer.RETRANSMIT, 1 + i % 7);
            assertThat(look(LOOK)).isEqualTo(Finding.WATCHING);
        }
    }

    @Test
    void unreadInputIsASignOfLife() {
        sent = 100;
        look();
        for (int i = 1; i < 200; i++) {
            state = new SocketState(100, i, Timer.RETRANSMIT, i);
            assertThat(look(LOOK)).isEqualTo(Finding.WATCHING);
        }
    }

    @Test
    void aPeerThatDoesNotReadAnswersQuestionsAndIsKept() {
        sent = 1_000_000;
        writing = true;
        look();
        for (int i = 0; i < 1_000; i++) {
            asksForRoom(i % 2);
            assertThat(look(LOOK)).isEqualTo(Finding.WATCHING);
        }
    }

    @Test
    void oneThatVanishesWhileItDoesNotReadIsNoticed() {
        sent = 1_000_000;
        writing = true;
        look();
        asksForRoom(0);
        look(LOOK);
        for (int attempts = 1; attempts < 7; attempts++) {
            asksForRoom(attempts);
            for (int i = 0; i < 5; i++) {
                if (look(LOOK) == Finding.VANISHED) {
                    assertThat(attempts).isGreaterThan(4);
                    return;
                }
            }
        }
        throw new AssertionError("not noticed");
    }

    /** The kernel keeps sending the data in flight, and the peer answers that it has no room. No attempt is counted. */
    @Test
    void aPeerWhoseWindowClosesWhileDataIsInFlightIsKept() {
        sent = 1_000_000;
        writing = true;
        look();
        repeated(1);
        assertThat(looksUntilVanished(1_000)).isZero();
    }

    @Test
    void lateLooksDoNotBlameThePeer() {
        sent = 10;
        look();
        repeated(1);
        look(LOOK);
        repeated(5);
        assertThat(look(Duration.ofMinutes(10))).isEqualTo(Finding.WATCHING);
        repeated(6);
        assertThat(looksUntilVanished(18)).isEqualTo(18);
    }

    /** On a machine with very many sockets, snapshots are rare. */
    @Test
    void rareSnapshotsMakeItLittleLater() {
        sent = 10;
        look();
        Snapshot[] last = {null};
        for (int second = 1; second <= 26; second++) {
            clock.advance(LOOK);
            if (second % 5 == 1) {
                repeated(second);
                last[0] = kernel();
            }
            Finding found = watch.look(clock.getAsLong(), new Traffic(sent, heard, false), () -> last[0]);
            assertThat(found).as("second " + second).isEqualTo(second == 21 ? Finding.VANISHED : Finding.WATCHING);
            if (second == 21) {
                return;
            }
        }
    }

    @Test
    void aSnapshotFromBeforeTheLastLookIsNoNews() {
        sent = 10;
        look();
        long old = clock.getAsLong() - 1;
        clock.advance(LOOK);
        Traffic traffic = new Traffic(sent, heard, false);
        assertThat(watch.look(clock.getAsLong(), traffic, () -> new Snapshot(old, Map.of())))
                .isEqualTo(Finding.WATCHING);
    }

    @Test
    void whereTheKernelDoesNotTellAStuckWriteIsWaitedForSixTimesAsLong() {
        kernelTells = false;
        sent = 10;
        writing = true;
        look();
        assertThat(looksUntilVanished(1_000)).isEqualTo(6 * 20);
    }

    @Test
    void aStuckWriteCountsOnlyWhileNothingIsSentOrReceived() {
        kernelTells = false;
        writing = true;
        for (int i = 0; i < 1_000; i++) {
            if (i % 100 == 0) {
                sent++;
            } else if (i % 50 == 0) {
                heard++;
            }
            assertThat(look(LOOK)).isEqualTo(Finding.WATCHING);
        }
    }

    @Test
    void whereTheKernelDoesNotTellAndNoWriteIsStuckItIsQuiet() {
        kernelTells = false;
        sent = 10;
        look();
        assertThat(look(LOOK)).isEqualTo(Finding.QUIET);
    }
}
