package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.server.link.MemoryAccount;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.LeakCheck;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A store that takes its time: everything that can happen to a session and a link while it does. */
@ExtendWith(LeakCheck.class)
final class SessionStoreTest {
    private final Stage stage = new Stage(SlowStore::new);
    private final SlowStore store = (SlowStore) stage.store;

    @AfterEach
    void end() {
        stage.close();
    }

    @Test
    void aSessionIsFoundWhenTheStoreAnswers() {
        FakeLink link = stage.openHeard();
        List<ResumeToken> found = new ArrayList<>();
        stage.sessions.find(link.id, Version2.PROTOCOL, found::add);
        stage.sessions.find(link.id + 1, Version2.PROTOCOL, found::add);
        assertThat(found).isEmpty();
        store.answers(2);
        assertThat(found).hasSize(2);
        assertThat(found.get(0)).isNotNull();
        assertThat(found.get(1)).isNull();
    }

    @Test
    void aSessionThatEndedBeforeTheStoreAnsweredIsNotFound() {
        FakeLink link = stage.openHeard();
        List<ResumeToken> found = new ArrayList<>();
        stage.sessions.find(link.id, Version2.PROTOCOL, found::add);
        stage.sessions.kick(link.id);
        store.answers(1);
        assertThat(found).containsExactly((ResumeToken) null);
        link.answers();
    }

    @Test
    void toAnotherVersionTheIdIsUnknown() {
        FakeLink link = stage.openHeard();
        List<ResumeToken> found = new ArrayList<>();
        stage.sessions.find(link.id, new AnotherVersion(), found::add);
        store.answers(1);
        assertThat(found).containsExactly((ResumeToken) null);
    }

    @Test
    void nothingChangesBeforeTheClaimIsSettled() {
        FakeLink old = stage.openHeard();
        FakeLink next = claims(old.id);
        stage.data(old.id, "to the old link");
        assertThat(old.told).containsExactly("opened", "deliver to the old link");
        assertThat(next.told).isEmpty();
        store.answers(1);
        assertThat(old.told).last().isEqualTo("detach GIVE_BACK");
        old.answers();
        assertThat(next.told).containsExactly("resumed [to the old link]");
    }

    @Test
    void aClaimThatTheStoreRefusesChangesNothing() {
        FakeLink old = stage.openHeard();
        FakeLink next = claims(old.id);
        store.grants = false;
        store.answers(1);
        assertThat(next.told).containsExactly("refused");
        assertThat(old.told).containsExactly("opened");
        assertThat(stage.count(Metric.RESUMES_REFUSED)).isOne();
    }

    @Test
    void aLinkThatIsLostMeanwhileChangesNothing() {
        FakeLink old = stage.openHeard();
        FakeLink next = claims(old.id);
        next.breaks();
        assertThat(next.told).containsExactly("refused");
        store.answers(1);
        assertThat(next.told).containsExactly("refused");
        assertThat(next.asked).isEmpty();
        assertThat(old.told).containsExactly("opened");
    }

    @Test
    void aSessionThatEndsMeanwhileIsNotResumed() {
        FakeLink old = stage.openHeard();
        old.isLost();
        FakeLink next = claims(old.id);
        stage.sessions.kick(old.id);
        assertThat(store.forgotten).containsExactly(old.id);
        store.answers(1);
        assertThat(next.told).containsExactly("refused");
    }

    @Test
    void ofTwoClaimsTheLaterWins() {
        FakeLink old = stage.openHeard();
        old.isLost();
        FakeLink first = claims(old.id);
        FakeLink second = claims(old.id);
        store.answers(2);
        assertThat(first.told).containsExactly("resumed []", "detach GIVE_BACK");
        first.answers();
        assertThat(second.told).containsExactly("resumed []");
    }

    @Test
    void aServerThatStopsMeanwhileResumesNothing() {
        FakeLink old = stage.openHeard();
        FakeLink next = claims(old.id);
        stage.sessions.stop(() -> {});
        store.answers(1);
        assertThat(next.told).containsExactly("refused");
        old.answers();
        assertThat(store.forgotten).containsExactly(old.id);
    }

    /** A client proves itself, and the store is asked to let its link have the session. */
    private FakeLink claims(long id) {
        List<ResumeToken> found = new ArrayList<>();
        stage.sessions.find(id, Version2.PROTOCOL, found::add);
        store.answersTheLatest();
        FakeLink link = new FakeLink(stage);
        stage.sessions.resume(link, found.get(0));
        return link;
    }

    /** Answers as a store in memory, when the test says so. */
    private static final class SlowStore implements SessionStore {
        private final MemoryStore memory;
        private final Deque<Runnable> asked = new ArrayDeque<>();
        final List<Long> forgotten = new ArrayList<>();
        boolean grants = true;

        SlowStore(SessionTable table) {
            memory = new MemoryStore(table);
        }

        void answers(int questions) {
            for (int i = 0; i < questions; i++) {
                asked.remove().run();
            }
        }

        void answersTheLatest() {
            asked.removeLast().run();
        }

        @Override
        public void find(long id, Consumer<@Nullable SessionRecord> then) {
            asked.add(() -> memory.find(id, then));
        }

        @Override
        public void claim(ResumeToken token, ClaimOutcome then) {
            asked.add(() -> memory.claim(token, granted -> then.settled(granted && grants)));
        }

        @Override
        public void forget(SessionRecord record) {
            memory.forget(record);
            forgotten.add(record.id());
        }
    }

    private static final class AnotherVersion extends ClientProtocol {
        AnotherVersion() {
            super(4, 5);
        }

        @Override
        public void setPrefix(ByteBuf buf, int index, int payloadBytes) {
            throw new AssertionError("is given nothing");
        }

        @Override
        public void write(ByteBuf out, ByteBuf packet, int index, int length) {
            throw new AssertionError("is given nothing");
        }

        @Override
        QueueBounds bounds(SessionSettings settings) {
            throw new AssertionError("keeps nothing");
        }

        @Override
        Undelivered newUndelivered(ByteBufAllocator allocator, MemoryAccount account, long next) {
            throw new AssertionError("is given nothing");
        }
    }
}
