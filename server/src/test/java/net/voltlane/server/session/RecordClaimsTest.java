package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import net.voltlane.protocol.Reason;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.store.Claimed;
import net.voltlane.server.store.FakeRecordStore;
import net.voltlane.server.store.FakeStorage;
import net.voltlane.server.store.StoredRecord;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The claims of other servers to sessions of this one, and how it hears of them. */
@ExtendWith(LeakCheck.class)
final class RecordClaimsTest {
    private static final String A = "a".repeat(32);
    private static final String B = "b".repeat(32);
    private static final Duration CYCLE = Duration.ofSeconds(10);

    private final FakeStorage storage = new FakeStorage();
    private final Stage stage = new Stage(Stage.ROOMY, storage, A, WhenAway.CONTINUE);

    @AfterEach
    void end() {
        stage.close();
    }

    // ---- another server has it

    @Test
    void aSessionThatIsClaimedElsewhereIsLetGo() {
        FakeLink link = openRecorded().sends("hello");
        stage.data(link.id, "not taken");
        stage.master.told.clear();
        stage.master.life.clear();
        claims(link.id, 1, 2);
        stage.turns();
        assertThat(link.told).last().isEqualTo("detach GIVE_BACK");
        link.answers();
        stage.turns();
        assertThat(stage.sessions.size()).isZero();
        assertThat(stage.master.life).as("the session lives on").isEmpty();
        assertThat(stage.master.told).isEmpty();
        assertThat(record(link.id).owner()).isEqualTo(B);
        assertThat(stage.count(Metric.SESSIONS_LET_GO)).isOne();
        assertThat(stage.sessions.unrecordedSize()).isZero();
    }

    @Test
    void aClaimThatTheStoreDoesNotConfirmIsNotBelieved() {
        FakeLink link = openRecorded();
        Claimed forged = new Claimed(link.id, 7, B);
        stage.events.claimed(forged);
        stage.turns();
        assertThat(stage.sessions.size()).isOne();
        assertThat(link.told).containsExactly("opened");

        claims(link.id, 1, 2);
        storage.losesRecords();
        stage.turns();
        assertThat(stage.sessions.size())
                .as("a claim that the store has forgotten")
                .isOne();
        assertThat(stage.count(Metric.SESSIONS_LET_GO)).isZero();
    }

    @Test
    void aClientThatCameWhileTheStoreWasAwayMayComeAgain() {
        CountedLink link = CountedLink.open(stage);
        stage.turns();
        stage.records.goesDown();
        claims(link.id, 1, 2);
        stage.passes(Duration.ofSeconds(30));
        stage.records.comesUp();
        stage.turns();
        assertThat(link.told).last().asString().startsWith("detach for now");
        link.answers();
    }

    @Test
    void aStaleSessionIsLetGoAtOnce() {
        FakeLink link = openRecorded();
        link.isLost();
        stage.data(link.id, "missed");
        claims(link.id, 1, 2);
        stage.turns();
        assertThat(stage.sessions.size()).isZero();
        assertThat(stage.sessions.staleSize()).isZero();
        assertThat(record(link.id).owner()).isEqualTo(B);
    }

    @Test
    void aLinkThatWaitsForASessionThatIsLetGoMayComeAgain() {
        CountedLink first = CountedLink.open(stage);
        stage.turns();
        CountedLink second = first.resume(0, 1);
        claims(first.id, 1, 2);
        stage.turns();
        assertThat(second.told)
                .as("the other server's link may be one that its client has given up before")
                .containsExactly("refused STORE_AWAY");
        first.answers();
        assertThat(stage.sessions.size()).isZero();
    }

    @Test
    void aSessionThatIsBeingLetGoIsOver() {
        FakeLink link = openRecorded();
        stage.master.life.clear();
        claims(link.id, 1, 2);
        stage.turns();
        assertThat(stage.find(link.id)).isNull();
        assertThat(stage.sessions.kick(link.id)).isFalse();
        stage.data(link.id, "too late");
        link.breaks();
        link.violates(Reason.FRAME_TOO_LARGE);
        claims(link.id, 2, 3);
        boolean[] hasEnded = {false};
        stage.sessions.stop(() -> hasEnded[0] = true);
        stage.turns();
        link.answers();
        assertThat(link.told).containsOnlyOnce("detach GIVE_BACK");
        assertThat(hasEnded[0]).isTrue();
        assertThat(stage.master.life).isEmpty();
        assertThat(stage.master.told).isEmpty();
    }

    @Test
    void anEndThatIsDecidedStands() {
        FakeLink link = openRecorded();
        stage.master.life.clear();
        stage.sessions.kick(link.id);
        claims(link.id, 1, 2);
        stage.turns();
        link.answers();
        stage.turns();
        assertThat(stage.master.life).hasSize(1).allMatch(told -> told.startsWith("ended"));
        assertThat(record(link.id).owner()).as("the new owner's").isEqualTo(B);
    }

    @Test
    void aServerThatWasNotToldFindsOutWhenItRenews() {
        FakeLink link = openRecorded();
        claimsUntold(link.id, 1, 2);
        assertThat(link.told).containsExactly("opened");
        aCyclePasses();
        assertThat(link.told).last().isEqualTo("detach GIVE_BACK");
        link.answers();
    }

    @Test
    void aServerThatWasNotToldFindsOutWhenItWritesAgain() {
        FakeLink link = openRecorded();
        claimsUntold(link.id, 1, 2);
        stage.records.comesUp();
        stage.turns();
        assertThat(link.told).last().isEqualTo("detach GIVE_BACK");
        link.answers();
    }

    /** Two servers that could not reach the same store: the backend takes one of them. */
    @Test
    void withTheSameEpochBothGoOn() {
        FakeLink link = openRecorded();
        stage.records.goesDown();
        stage.turns();
        storage.forgetsSinceMark();
        serverB().put(List.of(new StoredRecord(link.id, 1, B, new byte[1], 60_000)));
        stage.records.comesUp();
        stage.turns();
        aCyclePasses();
        assertThat(link.told).containsExactly("opened");
        assertThat(stage.sessions.size()).isOne();
        assertThat(record(link.id).owner()).isEqualTo(B);
        assertThat(stage.sessions.unrecordedSize()).isOne();
    }

    @Test
    void aClaimOfNoSessionHereIsNothing() {
        serverB().put(List.of(new StoredRecord(77, 1, A, new byte[1], 60_000)));
        claims(77, 1, 2);
        stage.turns();
        assertThat(stage.sessions.size()).isZero();
    }

    @Test
    void anOlderClaimIsNothing() {
        FakeLink link = openRecorded();
        stage.records.answersByHand();
        claims(link.id, 1, 2); // under way to this server
        serverB().claim(link.id, 2, 3, A, 60_000); // which has it again by then, as epoch 3
        stage.sessions.resume(new FakeLink(stage), Objects.requireNonNull(stage.find(link.id)));
        link.answers();
        SessionDoors.epoch(stage.sessions, link.id, 3);
        stage.records.answersAtOnce();
        stage.turns();
        assertThat(stage.sessions.size()).isOne();
        assertThat(stage.count(Metric.SESSIONS_LET_GO)).isZero();
    }

    // ----

    private FakeLink openRecorded() {
        FakeLink link = stage.open();
        stage.turns();
        return link;
    }

    private StoredRecord record(long id) {
        return Objects.requireNonNull(storage.get(id));
    }

    private FakeRecordStore serverB() {
        return storage.open(B, new StoreEvents(Runnable::run));
    }

    private void claims(long id, long seen, long next) {
        assertThat(serverB().claim(id, seen, next, B, 60_000).toCompletableFuture())
                .isCompletedWithValue(true);
    }

    /** Claims a session while this server is not connected, so that it hears nothing of it. */
    private void claimsUntold(long id, long seen, long next) {
        stage.records.answersByHand();
        claims(id, seen, next);
        stage.records.forgetsUntold();
        stage.records.answersAtOnce();
        stage.turns();
    }

    private void aCyclePasses() {
        stage.clock.advance(CYCLE);
        stage.sessions.renewRecords();
        stage.turns();
    }
}
