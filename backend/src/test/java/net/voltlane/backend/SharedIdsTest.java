package net.voltlane.backend;

import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ScriptedConnectionServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests of servers on firehose 2 that share their sessions. */
@Timeout(60)
class SharedIdsTest {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final Recorder recorder = new Recorder() {
        @Override
        public void data(Session session, byte[] data) {
            if (Bytes.text(data).equals("wait")) {
                begun.countDown();
                Uninterruptibly.await(goOn);
            }
            super.data(session, data);
        }
    };
    private TestBackend it;
    private ScriptedConnectionServer one;
    private ScriptedConnectionServer two;
    private Session session;

    @BeforeEach
    void begin() throws Exception {
        it = TestBackend.listen(recorder, BackendOptions.DEFAULT.withSharedIds(true));
        one = it.dial();
        two = it.dial();
        recorder.expect("attached", "attached");
        one.data(7, utf8("a"));
        recorder.expect("7 started", "7 data a");
        session = recorder.session();
    }

    @AfterEach
    void close() {
        goOn.countDown();
        it.close();
    }

    @Test
    void anAnnouncedSessionMoves() throws Exception {
        two.reconnection(7);
        recorder.expect("7 reconnected");
        assertThat(it.backend.sessions()).containsExactly(session);
        session.send(utf8("x"));
        assertThat(two.dataFor(7)).isEqualTo(utf8("x"));
        one.data(7, utf8("dropped"));
        one.failure(7, "dropped");
        one.data(8, utf8("b"));
        recorder.expect("8 started", "8 data b");
        two.data(7, utf8("c"));
        recorder.expect("7 data c");
        two.failure(7, "Client left");
        recorder.expect("7 ended: Client left");
        assertThat(it.backend.stats().adopted()).isEqualTo(1);
        assertThat(it.backend.stats().sessions()).isEqualTo(1);
        recorder.expectNothingMore();
    }

    @Test
    void firstDataMovesASessionToo() throws Exception {
        two.data(7, utf8("b"));
        recorder.expect("7 data b");
        assertThat(it.backend.sessions()).containsExactly(session);
        assertThat(session.firehose().session(7)).isSameAs(session);
        one.reconnection(7);
        recorder.expect("7 reconnected");
        one.data(7, utf8("c"));
        recorder.expect("7 data c");
        session.send(utf8("x"));
        assertThat(one.dataFor(7)).isEqualTo(utf8("x"));
    }

    @Test
    void theLastCallOfTheFormerServerReturnsFirst() throws Exception {
        one.data(7, utf8("wait"));
        begun.await();
        two.reconnection(7);
        Firehose ofTwo = it.backend.firehoses().get(1);
        await().until(() -> session.firehose() == ofTwo);
        recorder.expectNothingMore();
        goOn.countDown();
        recorder.expect("7 data wait", "7 reconnected");
    }

    @Test
    void sessionsOfALostLinkEndUnlessTheyMoved() throws Exception {
        one.data(8, utf8("b"));
        recorder.expect("8 started", "8 data b");
        two.reconnection(7);
        recorder.expect("7 reconnected");
        one.cut();
        recorder.skipToStart("detached: ");
        await().until(() -> it.backend.stats().sessionsAway() == 1);
        assertThat(session.isAway()).isFalse();
        await().until(() -> {
            it.pass(BackendOptions.DEFAULT.orphanTimeout().plus(Duration.ofSeconds(1)));
            return it.backend.stats().sessions() == 1;
        });
        recorder.skipTo("8 ended: Connection server lost");
        assertThat(session.isOpen()).isTrue();
    }
}
