package net.voltlane.backend;

import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Tag;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ScriptedConnectionServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests with connection servers that do not read. */
@Timeout(60)
class BackpressureTest {

    private static final int BOUND = 500_000;
    private static final int PACKET = 10_000;
    private static final BackendOptions OPTIONS = BackendOptions.DEFAULT.withSendBufferBytes(BOUND);

    private final Recorder recorder = new Recorder();
    private TestBackend it;

    @AfterEach
    void close() {
        it.close();
    }

    @Test
    void aFullFirehoseRefusesAndTellsWhenThereIsRoomAgain() throws Exception {
        it = TestBackend.listen(recorder, OPTIONS);
        ScriptedConnectionServer server = attach();
        Session session = begin(server, 7);

        int sent = fill(session);

        assertThat(session.firehose().isWritable()).isFalse();
        assertThat(session.firehose().queuedBytes()).isLessThanOrEqualTo(BOUND);
        for (int number = 0; number < sent; number++) {
            assertThat(Bytes.number(server.dataFor(7))).isEqualTo(number);
        }
        recorder.skipTo("writable");
        assertThat(session.firehose().isWritable()).isTrue();
        assertThat(session.trySend(utf8("again"))).isTrue();
        assertThat(server.dataFor(7)).isEqualTo(utf8("again"));
    }

    @Test
    void sendWaitsForRoomAndLosesNothing() throws Exception {
        it = TestBackend.listen(recorder, OPTIONS);
        ScriptedConnectionServer server = attach();
        Session session = begin(server, 7);
        int packets = 10 * BOUND / PACKET;
        CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> {
            for (int number = 0; number < packets; number++) {
                assertThat(session.send(Bytes.numbered(number, PACKET))).isTrue();
            }
        });
        for (int number = 0; number < packets; number++) {
            assertThat(Bytes.number(server.dataFor(7))).isEqualTo(number);
        }
        sender.get(10, TimeUnit.SECONDS);
    }

    @Test
    void kicksNeedNoRoom() throws Exception {
        it = TestBackend.listen(recorder, OPTIONS);
        ScriptedConnectionServer server = attach();
        Session session = begin(server, 7);
        int sent = fill(session);
        assertThat(session.kick()).isTrue();
        for (int number = 0; number < sent; number++) {
            server.dataFor(7);
        }
        server.expectKick(7);
    }

    @Test
    void aServerThatDoesNotReadDoesNotDelayTheOthers() throws Exception {
        it = TestBackend.listen(recorder, OPTIONS);
        Session stuck = begin(attach(), 7);
        ScriptedConnectionServer other = attach();
        Session session = begin(other, 8);
        fill(stuck);
        assertThat(session.firehose().isWritable()).isTrue();
        assertThat(session.send(utf8("hello"))).isTrue();
        assertThat(other.dataFor(8)).isEqualTo(utf8("hello"));
    }

    @Test
    void aServerIsReadWhileItDoesNotRead() throws Exception {
        it = TestBackend.listen(recorder, OPTIONS);
        ScriptedConnectionServer server = attach();
        fill(begin(server, 7));
        server.data(7, utf8("still here"));
        recorder.skipTo("7 data still here");
    }

    @Test
    void aServerThatWritesFirstAndReadsLaterGetsEverything() throws Exception {
        int packets = 4000;
        it = TestBackend.listen(echo(), BackendOptions.DEFAULT);
        ScriptedConnectionServer server = it.dial(8192);
        for (int number = 0; number < packets; number++) {
            server.data(7, Bytes.numbered(number, 1000));
        }
        for (int number = 0; number < packets; number++) {
            assertThat(Bytes.number(server.dataFor(7))).isEqualTo(number);
        }
    }

    /** Both sides write and neither reads. The deadlock is ended by cutting the link, and no session ends. */
    @Test
    void aHandlerThatWaitsForAServerThatWaitsForItIsSetFree() throws Exception {
        CompletableFuture<Boolean> free = new CompletableFuture<>();
        it = TestBackend.listen(
                new Recorder() {
                    @Override
                    public void data(Session session, byte[] data) {
                        session.send(data); // may be kept, if the sockets have taken a little more meanwhile
                        if (!session.firehose().isOpen()) {
                            free.complete(true);
                        }
                    }

                    @Override
                    public void detached(Firehose firehose, String reason) {
                        recorder.detached(firehose, reason);
                    }
                },
                OPTIONS.withStallTimeout(Duration.ofSeconds(20)));
        ScriptedConnectionServer server = it.dial(8192);
        byte[] frame = Tag.frame(7, Flag.DATA, new byte[PACKET]);
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        while (server.offer(bytes, Duration.ofMillis(500)) > 0 || !isFull(it.backend.session(7))) {
            if (!bytes.hasRemaining()) {
                bytes.clear();
            }
        }
        Session session = it.backend.session(7);
        assertThat(session).isNotNull();

        it.pass(Duration.ofSeconds(20).minusNanos(1));
        assertThat(session.firehose().isOpen()).isTrue();
        it.pass(Duration.ofNanos(1));

        assertThat(free.get(10, TimeUnit.SECONDS)).isTrue();
        recorder.expect("detached: took nothing for 20 s");
        assertThat(session.isOpen()).isTrue();
        assertThat(session.isAway()).isTrue();
    }

    @Test
    void aServerThatReadsIsNotCutHoweverLongNothingIsSent() throws Exception {
        it = TestBackend.listen(recorder, OPTIONS);
        ScriptedConnectionServer server = attach();
        Session session = begin(server, 7);
        session.send(utf8("a"));
        server.dataFor(7);
        await().until(() -> session.firehose().queuedBytes() == 0);
        it.pass(Duration.ofDays(1));
        assertThat(session.firehose().isOpen()).isTrue();
    }

    @Test
    void aWaitingSenderIsReleasedWhenTheLinkIsLost() throws Exception {
        it = TestBackend.listen(recorder, OPTIONS.withAwayBufferBytes(0));
        ScriptedConnectionServer server = attach();
        Session session = begin(server, 7);
        fill(session);
        CompletableFuture<Boolean> sent = new CompletableFuture<>();
        Thread sender = new Thread(() -> sent.complete(session.send(new byte[PACKET])));
        sender.start();
        await().until(() -> sender.getState() == Thread.State.WAITING);

        server.cut();

        assertThat(sent.get(10, TimeUnit.SECONDS)).isNotNull(); // a link that breaks may have taken a few more bytes
    }

    private static boolean isFull(@Nullable Session session) {
        return session != null && session.firehose().queuedBytes() + PACKET > BOUND - Tag.FRAME_HEADER_BYTES;
    }

    private static Handler echo() {
        return new Handler() {
            @Override
            public void data(Session session, byte[] data) {
                session.send(data);
            }
        };
    }

    private ScriptedConnectionServer attach() throws Exception {
        ScriptedConnectionServer server = it.dial(8192);
        recorder.expect("attached");
        return server;
    }

    private Session begin(ScriptedConnectionServer server, long id) throws Exception {
        server.data(id, utf8("a"));
        recorder.expect(id + " started", id + " data a");
        return recorder.session();
    }

    /** Sends numbered packets until there has been no room for a while, and returns their number. */
    private int fill(Session session) {
        int[] sent = {0};
        // The kernel takes some more for a moment, so one refusal is not final.
        await().pollDelay(Duration.ZERO).during(Duration.ofMillis(200)).until(() -> {
            boolean taken = false;
            while (session.trySend(Bytes.numbered(sent[0], PACKET))) {
                sent[0]++;
                taken = true;
            }
            return !taken;
        });
        return sent[0];
    }
}
