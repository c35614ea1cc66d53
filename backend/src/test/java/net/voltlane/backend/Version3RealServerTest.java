package net.voltlane.backend;

import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.CloseCode;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ClientIdentity;
import net.voltlane.testkit.Direction;
import net.voltlane.testkit.FaultRelay;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.ScriptedClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests of firehose 3 with the real connection server, and a relay in between that breaks the firehose. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class Version3RealServerTest {

    /** An echo that records the numbers that each session gets. */
    private static class Echo extends Recorder3 {
        private final Map<Long, Queue<Integer>> numbers = new ConcurrentHashMap<>();

        @Override
        public void data(Session session, byte[] data) {
            if (data.length == 100) {
                numbers.computeIfAbsent(session.id(), id -> new ConcurrentLinkedQueue<>())
                        .add(Bytes.number(data));
            }
            session.send(data);
        }
    }

    private final Echo recorder = new Echo();
    private VoltlaneBackend backend;
    private FaultRelay relay;
    private VoltlaneServer server;
    private InetSocketAddress address;

    @BeforeEach
    void start() throws Exception {
        backend = VoltlaneBackend.listen(Ports.loopback(0), recorder, BackendOptions.DEFAULT);
        relay = FaultRelay.to(backend.address());
        ServerConfig config = ServerConfig.defaults();
        server = VoltlaneServer.start(config.withListener(config.listener()
                        .withAddress(new Address("127.0.0.1", 0))
                        .withKeyFile(""))
                .withMaster(config.master()
                        .withProtocol(3)
                        .withAddress(new Address("127.0.0.1", relay.address().getPort())))
                .withClients(config.clients().withMissedPacketsBufferSize(100)));
        address = server.listening().toCompletableFuture().get(10, TimeUnit.SECONDS);
        recorder.expect("attached");
    }

    @AfterEach
    void stop() {
        server.stop();
        server.ended().toCompletableFuture().orTimeout(15, TimeUnit.SECONDS).join();
        relay.close();
        backend.close();
    }

    @Test
    void theBackendMaySpeakFirst() throws Exception {
        try (ScriptedClient client = ScriptedClient.open(address)) {
            recorder.expect(client.id() + " started", client.id() + " opened");
            Session session = recorder.session();
            assertThat(session.firehose().protocol()).isEqualTo(3);
            session.send(utf8("welcome"));
            assertThat(client.receive()).isEqualTo(utf8("welcome"));
            for (int size : new int[] {0, 1, 64, 70_000, 3, 5_000_000, 17}) {
                client.send(new byte[size]);
                assertThat(client.receive()).hasSize(size);
            }
            assertThat(session.received()).isEqualTo(7);
        }
    }

    @Test
    void aClientThatLeavesAndReturnsIsToldAsThat() throws Exception {
        ClientIdentity who;
        try (ScriptedClient client = ScriptedClient.open(address)) {
            who = client.identity();
            recorder.expect(who.id() + " started", who.id() + " opened");
            client.cut();
        }
        assertThat(recorder.next()).startsWith(who.id() + " suspended: ");
        recorder.session().send(utf8("missed"));
        try (ScriptedClient back = ScriptedClient.connect(address)) {
            back.resume(who);
            assertThat(back.receive()).isEqualTo(utf8("missed"));
            assertThat(recorder.next()).isEqualTo(who.id() + " resumed from 127.0.0.1:" + back.localPort());
        }
    }

    @Test
    void aKickedSessionEndsWithTheTextOfTheKick() throws Exception {
        try (ScriptedClient client = ScriptedClient.open(address)) {
            recorder.expect(client.id() + " started", client.id() + " opened");
            Session session = recorder.session();
            session.send(utf8("bye"));
            session.kick("no more room");
            assertThat(client.receive()).isEqualTo(utf8("bye"));
            client.readUntilClosed();
            recorder.skipTo(client.id() + " ended: no more room");
            assertThat(backend.sessions()).isEmpty();
        }
    }

    @Test
    void aStoppedServerEndsItsSessions() throws Exception {
        try (ScriptedClient client = ScriptedClient.open(address)) {
            recorder.expect(client.id() + " started", client.id() + " opened");
            server.stop();
            recorder.skipTo(client.id() + " ended: Server stopping");
            assertThat(CloseCode.STOPPING.code()).isEqualTo(10);
            assertThat(recorder.next()).startsWith("detached: ");
        }
    }

    /** Cuts the firehose again and again while packets are on their way in both directions. */
    @Test
    void aFirehoseThatBreaksAmidTrafficLosesAndDoublesNothing() throws Exception {
        int packets = 3_000;
        List<ScriptedClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                clients.add(ScriptedClient.open(address));
            }
            relay.split(Direction.OUT, 1, 7, 1000, 3);
            int cuts = 0;
            for (int number = 0; number < packets; number++) {
                for (ScriptedClient client : clients) {
                    client.send(Bytes.numbered(number, 100));
                }
                if (number % 500 == 250) {
                    int before = relay.links();
                    relay.cut();
                    cuts++;
                    await().until(() -> relay.links() > before);
                }
            }
            for (ScriptedClient client : clients) {
                for (int number = 0; number < packets; number++) {
                    assertThat(Bytes.number(client.receive())).isEqualTo(number);
                }
                assertThat(recorder.numbers.get(client.id())).hasSize(packets);
            }
            assertThat(backend.stats().repeated()).isZero();
            assertThat(backend.stats().malformed()).isZero();
            assertThat(cuts).isEqualTo(6);
        } finally {
            clients.forEach(ScriptedClient::close);
        }
    }

    /** Replaces the backend by another process, in order, while packets are on their way to it. */
    @Test
    void aBackendThatIsReplacedInOrderLosesAndDoublesNothing() throws Exception {
        try (ScriptedClient client = ScriptedClient.open(address)) {
            int port = backend.address().getPort();
            int packets = 3_000;
            for (int number = 0; number < packets; number++) {
                client.send(Bytes.numbered(number, 100));
                if (number % 1_000 == 500) {
                    backend.close();
                    backend = VoltlaneBackend.listen(Ports.loopback(port), recorder, BackendOptions.DEFAULT);
                }
            }
            for (int number = 0; number < packets; number++) {
                assertThat(Bytes.number(client.receive())).isEqualTo(number);
            }
            assertThat(recorder.numbers.get(client.id())).hasSize(packets);
            recorder.skipTo(client.id() + " opened existing");
            Session session = backend.session(client.id());
            assertThat(session).isNotNull();
            assertThat(session.received()).isEqualTo(packets);
        }
    }
}
