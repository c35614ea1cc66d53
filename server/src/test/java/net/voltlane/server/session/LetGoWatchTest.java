package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.store.FakeStorage;
import net.voltlane.server.store.Fleet;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Sessions that server A let go to server B. The backend hears of B, or B is lost before. */
@ExtendWith(LeakCheck.class)
final class LetGoWatchTest {
    private static final String A = "a".repeat(32);
    private static final String B = "b".repeat(32);
    private static final Duration STALE = Duration.ofSeconds(60);
    /** The longest time for which a record outlives the server that has claimed it: the stale time and two cycles. */
    private static final Duration RECORD = STALE.multipliedBy(2);
    /** Two looks of the watch. */
    private static final Duration LOOKS = Duration.ofSeconds(25);

    private static final SessionSettings SETTINGS = new SessionSettings(STALE.toNanos(), 1_000, 100, 1_000_000);

    private final FakeStorage storage = new FakeStorage();
    private final Stage a = new Stage(SETTINGS, storage, A, WhenAway.CONTINUE);
    private final Stage b = new Stage(SETTINGS, storage, B, WhenAway.CONTINUE);
    private CountedLink first;
    private long id;
    private boolean isBAlive = true;

    @BeforeEach
    void open() {
        for (Stage stage : new Stage[] {a, b}) {
            stage.master.adopts = MasterPort.Adopts.ANSWERS;
            stage.master.acknowledges = true;
        }
        first = CountedLink.open(a);
        a.turns();
        id = first.id;
    }

    @AfterEach
    void end() {
        a.close();
        b.close();
    }

    /** The client goes to B, and A lets its session go. */
    private CountedLink goesToB() {
        passes(Duration.ofSeconds(30));
        CountedLink link = first.resumeAt(b, 0, 1);
        a.turns();
        first.answers();
        a.turns();
        assertThat(a.sessions.size()).isZero();
        assertThat(a.master.letGo).containsExactly(id);
        return link;
    }

    private void bDies() {
        isBAlive = false;
        b.records.close();
    }

    /** Time passes in small steps, in which each server does what it does ten times a second. */
    private void passes(Duration time) {
        for (long left = time.toSeconds(); left > 0; left--) {
            storage.passes(Duration.ofSeconds(1));
            beat(a, A);
            a.passes(Duration.ofSeconds(1));
            a.sessions.renewRecords();
            a.sessions.reap();
            a.turns();
            if (isBAlive) {
                beat(b, B);
                b.passes(Duration.ofSeconds(1));
                b.sessions.renewRecords();
                b.sessions.reap();
                b.turns();
            }
        }
    }

    private static void beat(Stage stage, String owner) {
        if (stage.records.isUp()) {
            Fleet fleet = Objects.requireNonNull(stage.records.fleet());
            fleet.beat(owner, new byte[0], 5_000);
        }
    }

    private LetGoWatch watch() {
        return Objects.requireNonNull(a.sessions.letGoWatch);
    }

    private List<String> endsToldByA() {
        return a.master.life.stream()
                .filter(told -> told.startsWith("abandoned"))
                .toList();
    }

    @Test
    void aSessionWhoseNewServerDiesAtOnceEndsOnceItsRecordIsGone() {
        goesToB();
        bDies();
        passes(RECORD.minusSeconds(1));
        assertThat(storage.get(id)).as("its client may come yet").isNotNull();
        assertThat(endsToldByA()).isEmpty();
        passes(LOOKS);
        assertThat(endsToldByA()).containsExactly("abandoned 1 Client disconnected, 0 up");
        passes(RECORD);
        assertThat(endsToldByA()).hasSize(1);
        assertThat(a.count(Metric.SESSIONS_ABANDONED)).isOne();
        assertThat(watch().size()).isZero();
    }

    @Test
    void aSessionThatLivesAtAnotherServerIsForgotten() {
        goesToB();
        b.sessions.position(id, 0, 1, 2);
        passes(RECORD.plus(LOOKS));
        assertThat(storage.get(id)).isNotNull();
        assertThat(watch().size()).isZero();
        bDies();
        passes(RECORD.plus(LOOKS));
        assertThat(endsToldByA()).as("the backend knows of the other server").isEmpty();
    }

    @Test
    void aSessionThatComesBackIsThisServersAgain() {
        CountedLink link = goesToB();
        bDies();
        passes(Duration.ofSeconds(30));
        CountedLink back = link.resumeAt(a, 0, 1);
        a.sessions.position(id, 0, 1, 3);
        assertThat(watch().size()).isZero();
        a.sessions.left(back);
        back.answers();
        a.turns();
        assertThat(a.master.life).last().asString().startsWith("ended 1");
        passes(RECORD.plus(LOOKS));
        assertThat(endsToldByA()).isEmpty();
    }

    /** The backend has the session here from the first time, and nobody else could tell it of the end. */
    @Test
    void aSessionThatComesBackWhileTheBackendIsAwayAndEndsIsTold() {
        CountedLink link = goesToB();
        bDies();
        a.master.adopts = MasterPort.Adopts.UNKNOWN;
        CountedLink back = link.resumeAt(a, 0, 1);
        assertThat(watch().size()).isZero();
        a.sessions.lost(back);
        passes(STALE.plus(LOOKS));
        assertThat(a.sessions.size()).isZero();
        assertThat(endsToldByA()).containsExactly("abandoned 1 Client disconnected, 0 up");
        passes(RECORD.plus(LOOKS));
        assertThat(endsToldByA()).hasSize(1);
    }

    @Test
    void aSessionThatComesBackWhileTheBackendIsAwayAndGoesAgainIsWatchedAgain() {
        CountedLink link = goesToB();
        b.master.adopts = MasterPort.Adopts.UNKNOWN;
        a.master.adopts = MasterPort.Adopts.UNKNOWN;
        CountedLink back = link.resumeAt(a, 0, 1);
        b.turns();
        back.resumeAt(b, 0, 1);
        a.turns();
        assertThat(a.master.letGo).containsExactly(id, id);
        assertThat(watch().size()).isOne();
        bDies();
        passes(RECORD.plus(LOOKS));
        assertThat(endsToldByA()).containsExactly("abandoned 1 Client disconnected, 0 up");
    }

    @Test
    void nothingIsConcludedWhileTheStoreIsAway() {
        goesToB();
        bDies();
        a.records.goesDown();
        passes(RECORD.plus(LOOKS));
        assertThat(endsToldByA()).isEmpty();
        a.records.comesUp();
        a.turns();
        passes(LOOKS);
        assertThat(endsToldByA()).hasSize(1);
    }

    @Test
    void aStoreThatWasEmptiedHasTimeToBeWrittenAgain() {
        goesToB();
        b.sessions.position(id, 0, 1, 2);
        isBAlive = false; // it hangs
        passes(STALE.minusSeconds(1));
        storage.losesRecords();
        passes(Duration.ofSeconds(5));
        assertThat(endsToldByA()).isEmpty();
        isBAlive = true;
        b.records.goesDown();
        b.records.comesUp();
        b.turns();
        passes(LOOKS);
        assertThat(storage.get(id)).isNotNull();
        assertThat(endsToldByA()).isEmpty();
    }

    @Test
    void moreThanAreRememberedAreCounted() {
        LetGoWatch watch = watch();
        for (long i = 0; i <= LetGoWatch.MOST; i++) {
            watch.letGo(new LetGoSession(i + 10, 1, 3, 0, 0, 1));
        }
        assertThat(watch.size()).isEqualTo(LetGoWatch.MOST);
        assertThat(a.count(Metric.LET_GO_UNWATCHED)).isOne();
    }

    @Test
    void aSessionThatGoesToAndFroLeavesNothing() {
        LetGoWatch watch = watch();
        for (int i = 0; i < 1_000; i++) {
            watch.letGo(new LetGoSession(id, 1, 3, 0, 0, 1));
            watch.isBack(id);
        }
        assertThat(watch.planned()).isZero();
        watch.letGo(new LetGoSession(id, 3, 3, 0, 0, 1));
        passes(Duration.ofSeconds(1));
        watch.letGo(new LetGoSession(id, 5, 3, 0, 0, 1));
        assertThat(watch.planned()).isOne();
        assertThat(watch.size()).isOne();
    }
}
