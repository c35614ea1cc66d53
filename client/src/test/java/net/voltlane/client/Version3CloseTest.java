package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import net.voltlane.client.ScriptedServer.Script;
import net.voltlane.testkit.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests of how a program ends a client of version 3: close, Leave, and exported states. */
@Timeout(120)
@ExtendWith({ThreadsLeft.class, SocketsLeft.class})
final class Version3CloseTest extends Version3Client {

    @Test
    void closeWaitsForAcknowledgementsAndLeaves() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        CountDownLatch closing = new CountDownLatch(1);
        Script opens = opens((link, peer) -> {
            link.nextData();
            closing.await();
            seen.add("data");
            link.ack(1);
            link.nextLeave();
            seen.add("leave");
            link.close(15, 0, "");
            peer.finish();
        });
        try (ScriptedServer server = ScriptedServer.of(opens)) {
            VoltlaneClient client = client(server).connect();
            CompletableFuture<Void> sent = client.sendAcknowledged(Bytes.utf8("1"));
            Thread closer = new Thread(client::close);
            closer.start();
            closing.countDown();
            closer.join(20_000);
            assertThat(sent).isCompleted();
            assertThat(seen).containsExactly("data", "leave");
            assertThat(events.until("closed")).containsExactly("connected new", "closed CLOSED false");
            assertThatThrownBy(client::exportState).isInstanceOf(IllegalStateException.class);
        }
    }

    /** A packet that died with its link is sent again even while the client closes. */
    @Test
    void closeResumesForWhatIsNotAcknowledged() throws Exception {
        CountDownLatch closing = new CountDownLatch(1);
        BlockingQueue<byte[]> got = new LinkedBlockingQueue<>();
        Script opens = opens((link, peer) -> {
            link.nextData();
            closing.await();
            peer.reset();
        });
        Script resumes = resumes(0, (link, peer) -> {
            got.add(link.nextData());
            link.serve();
        });
        try (ScriptedServer server = ScriptedServer.of(opens, resumes)) {
            VoltlaneClient client = client(server).connect();
            CompletableFuture<Void> sent = client.sendAcknowledged(Bytes.utf8("1"));
            Thread closer = new Thread(client::close);
            closer.start();
            closing.countDown();
            closer.join(20_000);
            assertThat(sent).isCompleted();
            assertThat(got).hasSize(1);
        }
    }

    @Test
    void closeLeavesWithoutAcknowledgementsWhenItsTimeIsOver() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        Script opens = opens((link, peer) -> {
            link.nextData();
            link.nextLeave();
            seen.add("leave");
            link.close(15, 0, "");
            peer.finish();
        });
        try (ScriptedServer server = ScriptedServer.of(opens)) {
            VoltlaneClient client =
                    client(server).closeTimeout(Duration.ofMillis(100)).connect();
            CompletableFuture<Void> sent = client.sendAcknowledged(Bytes.utf8("1"));
            client.close();
            assertThat(seen).containsExactly("leave");
            assertThat(sent).isCompletedExceptionally();
        }
    }

    @Test
    void closeFromACallbackLeavesToo() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        Script opens = opens((link, peer) -> {
            link.data(Bytes.utf8("bye"));
            link.nextLeave();
            seen.add("leave");
            link.close(15, 0, "");
            peer.finish();
        });
        try (ScriptedServer server = ScriptedServer.of(opens);
                VoltlaneClient client =
                        client(server).onData((it, packet) -> it.close()).connect()) {
            events.until("closed CLOSED false");
            assertThat(seen).containsExactly("leave");
            assertThat(client.isConnected()).isFalse();
        }
    }

    @Test
    void aClosedClientWhoseServerSaysNothingEndsAllTheSame() throws Exception {
        try (ScriptedServer server = ScriptedServer.of(opens((link, peer) -> peer.stall()))) {
            VoltlaneClient client =
                    client(server).closeTimeout(Duration.ofMillis(100)).connect();
            client.send(Bytes.utf8("1"));
            client.close();
            events.until("closed CLOSED false");
        }
    }

    @Test
    void anExportedStateCarriesCountsAndPacketsToTheNextClient() throws Exception {
        BlockingQueue<byte[]> got = new LinkedBlockingQueue<>();
        Script opens = opens((link, peer) -> {
            link.data(Bytes.utf8("a"));
            link.data(Bytes.utf8("b"));
            link.nextData();
            link.nextData();
            link.ack(1);
            assertThat(peer.stall()).isNotNegative();
        });
        Script resumes = version3((link, peer) -> {
            var asked = link.askedToResume(session);
            assertThat(asked.received()).isEqualTo(1);
            assertThat(asked.kept()).isEqualTo(2);
            link.resumed(asked, 1);
            link.data(Bytes.utf8("b"));
            got.add(link.nextData());
            got.add(link.nextData());
            link.serve();
        });
        try (ScriptedServer server = ScriptedServer.of(opens, resumes)) {
            SessionState state;
            try (VoltlaneClient client = client(server).connect()) {
                CompletableFuture<Void> first = client.sendAcknowledged(Bytes.utf8("1"));
                client.send(Bytes.utf8("2"));
                assertThat(client.receive(LONG)).isEqualTo(Bytes.utf8("a"));
                first.get(20, TimeUnit.SECONDS);
                state = SessionState.fromText(client.closeAndExport(true).toText());
            }
            assertThat(state.unacknowledged()).isEqualTo(1);
            assertThat(state.protocol()).isEqualTo(Protocol.V3);
            try (VoltlaneClient client = client(server).importState(state).connect()) {
                assertThat(client.unacknowledged()).isEqualTo(1);
                assertThat(client.receive(LONG)).isEqualTo(Bytes.utf8("b"));
                client.send(Bytes.utf8("3"));
                assertThat(got.poll(20, TimeUnit.SECONDS)).isEqualTo(Bytes.utf8("2"));
                assertThat(got.poll(20, TimeUnit.SECONDS)).isEqualTo(Bytes.utf8("3"));
            }
        }
    }

    @Test
    void aStateWithoutPacketsGoesOnWhereTheServerIs() throws Exception {
        BlockingQueue<byte[]> got = new LinkedBlockingQueue<>();
        Script opens = opens((link, peer) -> {
            link.nextData();
            link.nextData();
            link.ack(1);
            peer.stall();
        });
        Script resumes = version3((link, peer) -> {
            var asked = link.askedToResume(session);
            assertThat(asked.kept()).isEqualTo(2);
            link.resumed(asked, 2);
            link.ack(1); // the same again is nothing
            got.add(link.nextData());
            link.ack(2);
            link.serve();
        });
        try (ScriptedServer server = ScriptedServer.of(opens, resumes)) {
            SessionState state;
            try (VoltlaneClient client =
                    client(server).closeTimeout(Duration.ofMillis(100)).connect()) {
                client.sendAcknowledged(Bytes.utf8("1"));
                CompletableFuture<Void> second = client.sendAcknowledged(Bytes.utf8("2"));
                state = client.closeAndExport(false);
                assertThat(second).isCompletedExceptionally();
            }
            try (VoltlaneClient client = client(server).importState(state).connect()) {
                assertThat(client.unacknowledged()).isZero();
                client.sendAcknowledged(Bytes.utf8("3")).get(20, TimeUnit.SECONDS);
                assertThat(got).hasSize(1);
            }
        }
    }

    /** The wait before the next attempt may be longer than the time for closing. */
    @Test
    void closeDoesNotWaitForTheNextAttemptToResume() throws Exception {
        Script opens = opens((link, peer) -> {
            link.nextData();
            time.hold();
            peer.reset();
        });
        try (ScriptedServer server = ScriptedServer.of(opens, resumes(1, Version3Client::serve))) {
            VoltlaneClient client = client(server).closeTimeout(LONG).connect();
            CompletableFuture<Void> sent = client.sendAcknowledged(Bytes.utf8("1"));
            events.until("suspended");
            client.close();
            assertThat(sent).isCompleted();
            assertThat(events.until("closed")).containsExactly("resumed", "closed CLOSED false");
        }
    }

    /** Packets that come again to the next client must not reach the program twice. */
    @Test
    void whatNobodyHasTakenIsNotReceivedAfterAnExport() throws Exception {
        Script opens = opens((link, peer) -> {
            link.data(Bytes.utf8("a"));
            link.data(Bytes.utf8("b"));
            link.nextData();
            link.ack(1);
            peer.stall();
        });
        Script resumes = version3((link, peer) -> {
            var asked = link.askedToResume(session);
            assertThat(asked.received()).isEqualTo(1);
            link.resumed(asked, 1);
            link.data(Bytes.utf8("b"));
            link.serve();
        });
        try (ScriptedServer server = ScriptedServer.of(opens, resumes)) {
            VoltlaneClient client =
                    client(server).closeTimeout(Duration.ofMillis(100)).connect();
            client.sendAcknowledged(Bytes.utf8("1")).get(20, TimeUnit.SECONDS); // both packets came before
            assertThat(client.receive(LONG)).isEqualTo(Bytes.utf8("a"));
            SessionState state = client.closeAndExport(true);
            assertThatThrownBy(client::receive).isInstanceOf(ClientClosedException.class);
            try (VoltlaneClient next = client(server).importState(state).connect()) {
                assertThat(next.receive(LONG)).isEqualTo(Bytes.utf8("b"));
            }
        }
    }

    /** The state must not be taken while the client still runs. */
    @Test
    void anInterruptDoesNotEndTheWaitOfAnExport() throws Exception {
        AtomicBoolean closed = new AtomicBoolean();
        ClientListener listener = new ClientListener() {
            @Override
            public void closed(VoltlaneClient client, CloseReason reason, boolean retryable) {
                closed.set(true);
            }
        };
        try (ScriptedServer server = ScriptedServer.of(opens((link, peer) -> peer.stall()))) {
            VoltlaneClient client = client(server).listener(listener).connect();
            Thread.currentThread().interrupt();
            SessionState state = client.closeAndExport(true);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(closed).isTrue();
            assertThat(state.sessionId()).isEqualTo(1);
        }
    }
}
