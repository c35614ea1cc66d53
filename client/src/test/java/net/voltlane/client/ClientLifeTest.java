package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import net.voltlane.client.ScriptedServer.Script;
import net.voltlane.proof.KeyPair;
import net.voltlane.testkit.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests of a client's life: callbacks, the receive buffer, exported states, errors, and closing. */
@Timeout(120)
@ExtendWith({ThreadsLeft.class, SocketsLeft.class})
final class ClientLifeTest extends ScriptedClient {

    @Test
    void anErrorOfOurOwnIsTheEndAndEverybodyHearsOfIt() throws Exception {
        Time broken = new Time() {
            @Override
            public long nowNanos() {
                return 0;
            }

            @Override
            public void await(Condition condition, long nanos) {
                throw new IllegalStateException("a bug");
            }
        };
        try (ScriptedServer server = ScriptedServer.of(opensAndResets(1));
                VoltlaneClient client = client(server)
                        .environment(new Environment(broken, () -> 0.5, ScriptedServer.RANDOM))
                        .connect()) {
            client.send(Bytes.utf8("x"));
            assertThatThrownBy(client::receive)
                    .isInstanceOf(ClientFailedException.class)
                    .hasRootCauseMessage("a bug");
            events.until("closed FAILED false");
        }
    }

    @Test
    void reconnectWorksWhileNobodyReceivesAndLosesNothing() throws Exception {
        Script opens = peer -> {
            session = peer.open(1);
            for (int i = 0; i < 3; i++) {
                peer.data(Bytes.numbered(i, 20));
            }
            peer.stall();
        };
        Script resumes = resumesAnd(peer -> {
            peer.data(Bytes.numbered(3, 20));
            peer.stall();
        });
        try (ScriptedServer server = ScriptedServer.of(opens, resumes);
                VoltlaneClient client = client(server).receiveBuffer(1, 100).connect()) {
            await().until(() -> Thread.getAllStackTraces().entrySet().stream()
                    .anyMatch(it -> it.getKey().getName().endsWith("-reader")
                            && it.getKey().getState() == Thread.State.WAITING
                            && Arrays.stream(it.getValue())
                                    .anyMatch(frame -> frame.getClassName().equals(ReceiveQueue.class.getName()))));
            client.reconnect();
            events.until("resumed");
            byte[] first = client.receive(LONG);
            assertThat(first).isEqualTo(Bytes.numbered(0, 20));
            assertThat(client.receive(LONG)).isEqualTo(Bytes.numbered(1, 20));
            byte[] last = client.receive(LONG);
            // The third packet may still have been on its way when the link was closed.
            assertThat(List.of(last)).containsAnyOf(Bytes.numbered(2, 20), Bytes.numbered(3, 20));
        }
    }

    @Test
    void aStateCarriesASessionFromOneClientToTheNext() throws Exception {
        Script opens = peer -> {
            session = peer.open(1);
            echo(peer);
        };
        try (ScriptedServer server = ScriptedServer.of(opens, resumesAnd(ClientLifeTest::echo))) {
            SessionState state;
            try (VoltlaneClient client = client(server).connect()) {
                state = SessionState.fromText(client.exportState().toText());
            }
            events.until("closed");
            try (VoltlaneClient client = client(server).importState(state).connect()) {
                assertThat(events.until("connected")).containsExactly("connected old");
                assertThat(client.sessionId()).isEqualTo(1);
            }
        }
    }

    @Test
    void aStateOfASessionThatIsGoneOpensANewOneWhereThatIsAllowed() throws Exception {
        KeyPair keys = KeyPair.generate(ScriptedServer.RANDOM);
        Peer.Session old = new Peer.Session(1, keys.publicKey());
        Script opens = peer -> {
            peer.open(2);
            peer.stall();
        };
        try (ScriptedServer server = ScriptedServer.of(times(5, peer -> peer.decoy(old), opens))) {
            SessionState state = new SessionState(1, keys, server.keys.publicKey());
            try (VoltlaneClient client =
                    client(server).importState(state).newSessionWhenGone(true).connect()) {
                assertThat(events.until("connected")).containsExactly("connected new");
                assertThat(client.sessionId()).isEqualTo(2);
            }
        }
    }

    @Test
    void aFrameOverTheLimitIsTheEnd() throws Exception {
        Script opens = peer -> {
            peer.open(1);
            peer.data(new byte[10]);
            peer.data(new byte[11]);
            peer.stall();
        };
        try (ScriptedServer server = ScriptedServer.of(opens);
                VoltlaneClient client = client(server).maxFrameBytes(10).connect()) {
            assertThat(client.receive(LONG)).hasSize(10);
            assertThatThrownBy(() -> client.receive(LONG))
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessage("a frame of 11 bytes came (limit: 10)");
            events.until("closed PROTOCOL_VIOLATION false");
        }
    }

    @Test
    void dataRightBehindTheHandshakeIsNotLost() throws Exception {
        Script opens = peer -> {
            peer.hello();
            peer.raw(Bytes.hex("02000000 0309 02000000 6869 00000000"));
            peer.stall();
        };
        try (ScriptedServer server = ScriptedServer.of(opens);
                VoltlaneClient client = client(server).connect()) {
            assertThat(client.sessionId()).isEqualTo(9);
            assertThat(client.receive(LONG)).isEqualTo(Bytes.utf8("hi"));
            assertThat(client.receive(LONG)).isEmpty();
        }
    }

    @Test
    void closeSendsWhatWaitsAndSaysGoodbye() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        Script opens = peer -> {
            peer.open(1);
            for (int i = 0; i < 500; i++) {
                assertThat(peer.receive()).isEqualTo(Bytes.numbered(i, 2_000));
            }
            assertThat(peer.stall()).isZero();
            done.countDown();
        };
        try (ScriptedServer server = ScriptedServer.of(opens)) {
            try (VoltlaneClient client = client(server).connect()) {
                for (int i = 0; i < 500; i++) {
                    client.send(Bytes.numbered(i, 2_000));
                }
            }
            assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void closeDoesNotWaitForAServerThatNeitherReadsNorLeaves() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        Script opens = peer -> {
            peer.open(1);
            closed.await();
        };
        try (ScriptedServer server = ScriptedServer.of(opens)) {
            VoltlaneClient client =
                    client(server).closeTimeout(Duration.ofMillis(100)).connect();
            client.send(new byte[8_000_000]);
            client.send(new byte[8_000_000]);
            client.close();
            client.close();
            assertThatThrownBy(() -> client.send(new byte[0])).isInstanceOf(ClientClosedException.class);
            assertThatThrownBy(client::receive).isInstanceOf(ClientClosedException.class);
            events.until("closed CLOSED false");
            closed.countDown();
        }
    }

    @Test
    void closeEndsAWaitAndADial() throws Exception {
        Script opens = peer -> {
            session = peer.open(1);
            peer.receive();
            peer.reset();
        };
        for (boolean dialing : new boolean[] {false, true}) {
            try (ScriptedServer server = ScriptedServer.of(opens, Peer::stall)) {
                if (!dialing) {
                    time.hold();
                }
                VoltlaneClient client = client(server).connect();
                client.send(Bytes.utf8("x"));
                events.until("suspended");
                if (dialing) {
                    await().until(() -> server.links() == 2);
                }
                client.close();
                assertThat(events.until("closed")).containsExactly("closed CLOSED false");
                time.release();
            }
        }
    }

    @Test
    void aCallbackMayCloseAndTheRestHappensWhenItReturnsWhateverTheServerDoes() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        Script opens = peer -> {
            peer.open(1);
            peer.data(Bytes.utf8("enough"));
            assertThat(peer.receive()).isEqualTo(Bytes.utf8("bye"));
            assertThat(peer.stall()).isZero();
            closed.await(); // the server does not close the link by itself
        };
        try (ScriptedServer server = ScriptedServer.of(opens);
                VoltlaneClient client = client(server)
                        .closeTimeout(Duration.ofMillis(100))
                        .onData((it, packet) -> {
                            it.send(Bytes.utf8("bye"));
                            it.close();
                        })
                        .connect()) {
            events.until("closed CLOSED false");
            closed.countDown();
            assertThatThrownBy(() -> client.send(new byte[0])).isInstanceOf(ClientClosedException.class);
        }
    }

    @Test
    void callbacksThatThrowOrInterruptEndNothing() throws Exception {
        Script opens = peer -> {
            session = peer.open(1);
            echo(peer);
        };
        BlockingQueue<byte[]> got = new LinkedBlockingQueue<>();
        try (ScriptedServer server = ScriptedServer.of(opens);
                VoltlaneClient client = client(server)
                        .onData((it, packet) -> {
                            got.add(packet);
                            Thread.currentThread().interrupt();
                            throw new IOException("a test's own");
                        })
                        .connect()) {
            for (int i = 0; i < 5; i++) {
                client.send(Bytes.numbered(i, 4));
                assertThat(got.poll(20, TimeUnit.SECONDS)).isEqualTo(Bytes.numbered(i, 4));
            }
            assertThat(server.links()).isEqualTo(1);
            assertThatThrownBy(client::receive).isInstanceOf(IllegalStateException.class);
        }
        assertThat(events.until("closed")).containsExactly("connected new", "closed CLOSED false");
    }

    @Test
    void inACallbackNothingIsWaitedFor() throws Exception {
        List<Throwable> thrown = new ArrayList<>();
        CountDownLatch tried = new CountDownLatch(1);
        ClientListener listener = new ClientListener() {
            @Override
            public void suspended(VoltlaneClient client, IOException cause) {
                thrown.add(catchThrowable(() -> client.send(new byte[1])));
                thrown.add(catchThrowable(() -> client.send(new byte[1])));
                thrown.add(catchThrowable(client::receive));
                tried.countDown();
            }
        };
        try (ScriptedServer server = ScriptedServer.of(opensAndResets(1), resumesAnd(ClientLifeTest::echo));
                VoltlaneClient client = client(server)
                        .listener(listener)
                        .sendBuffer(1, 100, SendPolicy.WAIT)
                        .connect()) {
            client.send(new byte[1]);
            assertThat(tried.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(thrown.get(0)).isNull();
            assertThat(thrown.get(1)).isInstanceOf(SendQueueFullException.class);
            assertThat(thrown.get(2)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aClientThatDoesNotReceiveHoldsTheServerBackAndLosesNothing() throws Exception {
        int packets = 800;
        int bytes = 100_000;
        CountDownLatch[] sent = {new CountDownLatch(packets)};
        Script opens = peer -> {
            peer.open(1);
            for (int i = 0; i < packets; i++) {
                peer.data(Bytes.numbered(i, bytes));
                sent[0].countDown();
            }
            peer.stall();
        };
        try (ScriptedServer server = ScriptedServer.of(opens);
                VoltlaneClient client =
                        client(server).receiveBuffer(3, 1_000_000).connect()) {
            // Two sockets can't hold 80 MB, so the server can't have sent all packets.
            assertThat(sent[0].await(500, TimeUnit.MILLISECONDS)).isFalse();
            for (int i = 0; i < packets; i++) {
                assertThat(client.receive(LONG))
                        .startsWith(Bytes.numbered(i, 4))
                        .hasSize(bytes);
            }
        }
    }

    @Test
    void threadsAreTheFactorysAndAllOfThemEnd() throws Exception {
        List<Thread> threads = new ArrayList<>();
        Script opens = peer -> {
            peer.open(1);
            peer.stall();
        };
        try (ScriptedServer server = ScriptedServer.of(opens)) {
            client(server)
                    .threads(body -> {
                        Thread thread = new Thread(body, "mine");
                        threads.add(thread);
                        return thread;
                    })
                    .connect()
                    .close();
        }
        assertThat(threads).hasSize(2);
        for (Thread thread : threads) {
            thread.join(20_000);
            assertThat(thread.isAlive()).isFalse();
        }
    }

    @Test
    void aFactoryThatFailsLeavesNothingBehind() throws Exception {
        int[] asked = {0};
        Script opens = peer -> {
            peer.open(1);
            peer.stall();
        };
        try (ScriptedServer server = ScriptedServer.of(opens)) {
            Throwable thrown = catchThrowable(client(server).threads(body -> {
                if (asked[0]++ == 1) {
                    throw new IllegalStateException("no more threads");
                }
                return new Thread(body, "voltlane-client-mine");
            })::connect);
            assertThat(thrown).isInstanceOf(IllegalStateException.class).hasMessage("no more threads");
        }
    }
}
