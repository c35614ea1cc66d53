package net.voltlane.backend;

import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Tag;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.ScriptedClient;
import net.voltlane.testkit.ScriptedConnectionServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests of attackers that can reach the backend's port, and of what they can take away from real servers. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
final class FirehoseLimitsTest {
    private static final String ELSEWHERE = "127.0.0.2";

    private final Recorder recorder = new Recorder();
    private final List<RawConnection> strangers = new ArrayList<>();

    private void crowd(InetSocketAddress backend, int count) throws IOException {
        try (ServerSocket elsewhere = new ServerSocket()) {
            elsewhere.bind(new InetSocketAddress(ELSEWHERE, 0));
        } catch (IOException none) {
            assumeTrue(false, "left out: needs a second loopback address, " + ELSEWHERE);
        }
        for (int i = 0; i < count; i++) {
            strangers.add(new RawConnection(backend, ELSEWHERE));
        }
    }

    private void leave() throws IOException {
        for (RawConnection stranger : strangers) {
            stranger.close();
        }
    }

    /** There are as many silent connections as firehoses are allowed by default, and more keep coming. */
    @Test
    void aRealServerGetsInAndStaysHoweverManySilentStrangersThereAre() throws Exception {
        Handler echo = new Handler() {
            @Override
            public void data(Session session, byte[] data) {
                session.send(data);
            }
        };
        try (VoltlaneBackend backend = VoltlaneBackend.listen("127.0.0.1:0", echo)) {
            crowd(backend.address(), 256);
            await().until(() -> backend.firehoses().size() == 256);
            ServerConfig config = ServerConfig.defaults();
            VoltlaneServer server = VoltlaneServer.start(config.withListener(config.listener()
                            .withAddress(new Address("127.0.0.1", 0))
                            .withKeyFile(""))
                    .withMaster(config.master()
                            .withAddress(
                                    new Address("127.0.0.1", backend.address().getPort()))));
            try (ScriptedClient client =
                    ScriptedClient.open(server.listening().toCompletableFuture().get(10, TimeUnit.SECONDS))) {
                crowd(backend.address(), 64);
                client.send(utf8("a"));
                assertThat(client.receive()).isEqualTo(utf8("a"));
                crowd(backend.address(), 300);
                for (int i = 0; i < 10; i++) {
                    client.send(Bytes.numbered(i, 10));
                    assertThat(client.receive()).isEqualTo(Bytes.numbered(i, 10));
                }
                assertThat(backend.sessions()).hasSize(1);
                assertThat(backend.sessions().get(0).firehose().number())
                        .as("the first link that the server made")
                        .isEqualTo(257);
                await().until(() -> backend.stats().displacedFirehoses() >= 300);
                assertThat(backend.firehoses()).hasSizeLessThanOrEqualTo(256);
            } finally {
                server.stop();
                server.ended()
                        .toCompletableFuture()
                        .orTimeout(15, TimeUnit.SECONDS)
                        .join();
                leave();
            }
        }
    }

    @Test
    void silentConnectionsStayWhileThereIsRoom() throws Exception {
        try (TestBackend it = TestBackend.listen(recorder)) {
            ScriptedConnectionServer silent = it.dial();
            recorder.expect("attached");
            it.pass(Duration.ofDays(300));
            silent.data(7, utf8("a"));
            recorder.expect("7 started", "7 data a");
        }
    }

    @Test
    void aNewConnectionDisplacesTheOldestIdleOneOfItsHost() throws Exception {
        try (TestBackend it = TestBackend.listen(recorder, BackendOptions.DEFAULT.withMaxFirehoses(4))) {
            ScriptedConnectionServer carries = it.dial();
            recorder.expect("attached");
            carries.data(7, utf8("a"));
            recorder.expect("7 started", "7 data a");
            it.dial();
            recorder.expect("attached");
            crowd(it.address(), 3);
            // the third connection finds no room, so the older one of its own host gives way
            assertThat(strangers.get(0).read()).isEqualTo(-1);
            await().until(() -> it.backend.stats().displacedFirehoses() == 1
                    && it.backend.firehoses().size() == 4);
            assertThat(it.backend.firehoses()).extracting(Firehose::number).containsExactly(1L, 2L, 4L, 5L);
            leave();
        }
    }

    /** An attacker can make up a session for each of its connections. The server is alone on its host. */
    @Test
    void strangersThatCarrySessionsKeepNoServerOut() throws Exception {
        try (TestBackend it = TestBackend.listen(recorder, BackendOptions.DEFAULT.withMaxFirehoses(4))) {
            crowd(it.address(), 4);
            for (int i = 0; i < strangers.size(); i++) {
                strangers.get(i).data(100 + i);
                recorder.skipTo(100 + i + " data ");
            }
            strangers.get(3).data(104);
            recorder.skipTo("104 data ");

            ScriptedConnectionServer server = it.dial();
            server.data(7, utf8("a"));
            recorder.skipTo("7 data a");

            assertThat(strangers.get(2).read())
                    .as("the youngest of one session")
                    .isEqualTo(-1);
            crowd(it.address(), 1);
            assertThat(strangers.get(4).read()).as("its host has most").isEqualTo(-1);
            assertThat(it.backend.stats().displacedFirehoses()).isEqualTo(1);
            assertThat(it.backend.stats().refusedFirehoses()).isEqualTo(1);
            assertThat(it.backend.firehoses()).extracting(Firehose::number).containsExactly(1L, 2L, 4L, 5L);
            leave();
        }
    }

    @Test
    void aHostHasAWhole64() throws Exception {
        assertThat(host("2001:db8::1")).isEqualTo(host("2001:db8::ffff:1")).isNotEqualTo(host("2001:db8:0:1::1"));
        assertThat(host("10.0.0.1")).isEqualTo(host("10.0.0.1")).isNotEqualTo(host("10.0.0.2"));
        assertThat(host("::1")).isNotEqualTo(host("0.0.0.0"));
    }

    private static SourceHost host(String address) throws UnknownHostException {
        return SourceHost.of(InetAddress.getByName(address));
    }

    @Test
    void sessionsOverTheBoundAreRefusedAndTheirClientsKicked() throws Exception {
        try (TestBackend it = TestBackend.listen(recorder, BackendOptions.DEFAULT.withMaxSessions(10))) {
            ScriptedConnectionServer server = it.dial();
            for (long id = 1; id <= 9; id++) {
                server.data(id, utf8("a"));
            }
            server.expectKick(9);
            assertThat(it.backend.sessions()).hasSize(8);
            assertThat(it.backend.stats().refusedSessions()).isEqualTo(1);
            server.failure(1, "Client kicked");
            server.data(10, utf8("b"));
            recorder.skipTo("10 data b");
            assertThat(it.backend.stats().sessions()).isEqualTo(8);
        }
    }

    @Test
    void howeverManySessionsOneHostMakesUpThereIsRoomForAnother() throws Exception {
        try (TestBackend it = TestBackend.listen(new Handler() {}, BackendOptions.DEFAULT.withMaxSessions(1_000))) {
            crowd(it.address(), 1);
            for (long id = 1; id <= 2_000; id++) {
                strangers.get(0).data(id);
            }
            await().until(() -> it.backend.stats().refusedSessions() == 1_200);
            assertThat(it.backend.stats().sessions()).isEqualTo(800);
            ScriptedConnectionServer server = it.dial();
            for (long id = 10_001; id <= 10_100; id++) {
                server.data(id, utf8("a"));
            }
            await().until(() -> it.backend.session(10_100) != null);
            assertThat(it.backend.stats().sessions()).isEqualTo(900);
            leave();
        }
    }

    /** A server that does not read gets no more kicks than fill half of the buffer. */
    @Test
    void packetsWithEverNewIdsDoNotFillTheMemory() throws Exception {
        BackendOptions options = BackendOptions.DEFAULT.withMaxSessions(1_000).withSendBufferBytes(64 * 1024);
        try (TestBackend it = TestBackend.listen(new Handler() {}, options)) {
            ScriptedConnectionServer server = it.dial(8192).timeout(Duration.ofSeconds(20));
            int packets = 100_000;
            byte[][] batch = new byte[1_000][];
            for (int i = 0; i < packets; i += batch.length) {
                for (int k = 0; k < batch.length; k++) {
                    batch[k] = Tag.frame(i + k, Flag.DATA, new byte[0]);
                }
                server.write(batch);
            }
            await().until(() -> it.backend.stats().received() == packets);
            assertThat(it.backend.stats().sessions()).isEqualTo(800);
            assertThat(it.backend.stats().refusedSessions()).isEqualTo(packets - 800);
            assertThat(it.backend.firehoses().get(0).queuedBytes()).isLessThanOrEqualTo(33 * 1024);
        }
    }

    @Test
    void aFirehoseThatTakesNoKicksIsCut() throws Exception {
        BackendOptions options = BackendOptions.DEFAULT.withSendBufferBytes(1);
        Handler kicks = new Handler() {
            @Override
            public void started(Session session) {
                session.kick();
            }

            @Override
            public void detached(Firehose firehose, String reason) {
                recorder.detached(firehose, reason);
            }
        };
        try (TestBackend it = TestBackend.listen(kicks, options);
                RawConnection server = new RawConnection(it.address(), "127.0.0.1")) {
            Thread sender = new Thread(() -> {
                try {
                    for (long id = 1; id < 100_000_000; id++) {
                        server.write(Bytes.concat(
                                Tag.frame(id, Flag.DATA, new byte[0]), Tag.frame(id, Flag.FAILURE, new byte[0])));
                    }
                } catch (IOException cut) {
                    // the firehose was cut, as expected
                }
            });
            sender.start();
            recorder.expect("detached: did not take its kicks");
            sender.join();
        }
    }

    /**
     * Sends frames that are a little shorter than the limit on three times as many connections as there is room for.
     */
    @Test
    void packetsThatDoNotComeToTheirEndHaveABound() throws Exception {
        int frame = 1024 * 1024;
        byte[] part = new byte[frame - 100];
        part[0] = (byte) frame;
        part[1] = (byte) (frame >>> 8);
        part[2] = (byte) (frame >>> 16);
        Queue<String> reasons = new ConcurrentLinkedQueue<>();
        Handler handler = new Handler() {
            @Override
            public void detached(Firehose firehose, String reason) {
                reasons.add(reason);
            }
        };
        try (TestBackend it = TestBackend.listen(handler, BackendOptions.DEFAULT.withMaxFrameBytes(frame))) {
            ScriptedConnectionServer server = it.dial().timeout(Duration.ofSeconds(20));
            server.write(part);
            crowd(it.address(), 3 * LargeFrames.LARGEST_FRAMES);
            for (RawConnection stranger : strangers) {
                try {
                    stranger.write(part);
                } catch (IOException cutAlready) {
                    // this connection was cut, one of many
                }
            }
            await().until(() -> {
                BackendStats stats = it.backend.stats();
                return stats.firehoses() <= LargeFrames.LARGEST_FRAMES
                        && stats.firehoses() + stats.displacedFirehoses() == 1 + strangers.size();
            });
            assertThat(it.backend.firehoses().get(0).number())
                    .as("the server, which is alone on its host")
                    .isEqualTo(1);
            await().until(() -> reasons.contains("held too much of packets that did not come to their end"));
            leave();
        }
    }

    /** An attacker dials, makes up a session and hangs up, again and again. */
    @Test
    void lostFirehosesWhoseSessionsWaitAreBounded() throws Exception {
        try (TestBackend it = TestBackend.listen(recorder, BackendOptions.DEFAULT.withMaxFirehoses(2))) {
            ScriptedConnectionServer honest = it.dial();
            honest.data(7, utf8("a"));
            recorder.skipTo("7 data a");
            honest.cut();
            recorder.next();
            for (long id = 101; id <= 120; id++) {
                try (RawConnection stranger = new RawConnection(it.address(), ELSEWHERE)) {
                    stranger.data(id);
                    recorder.skipTo(id + " data ");
                }
                recorder.next(); // detached
            }
            await().until(() -> it.backend.stats().sessionsAway() == 21);
            await().untilAsserted(() -> {
                it.pass(Duration.ZERO);
                assertThat(it.backend.stats().sessionsAway()).isEqualTo(2 * 4);
            });
            assertThat(it.backend.session(7)).isNotNull();
            assertThat(it.backend.session(120)).isNotNull();
            assertThat(it.backend.session(101)).isNull();
            recorder.skipTo("101 ended: Connection server lost");
        }
    }
}
