package net.voltlane.backend;

import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.Reason;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ClientIdentity;
import net.voltlane.testkit.FaultRelay;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.ScriptedClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests with the real connection server, and a relay in between that breaks the firehose. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class RealServerTest {

    private final Recorder recorder = new Recorder() {
        @Override
        public void data(Session session, byte[] data) {
            super.data(session, data);
            session.send(data);
        }
    };

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
    void clientsAreEchoed() throws Exception {
        try (ScriptedClient client = ScriptedClient.open(address)) {
            for (int size : new int[] {0, 1, 64, 70_000, 3, 5_000_000, 17}) {
                client.send(new byte[size]);
                assertThat(client.receive()).hasSize(size);
            }
        }
    }

    @Test
    void aClientThatComesBackIsTheSameSession() throws Exception {
        ClientIdentity who;
        try (ScriptedClient client = ScriptedClient.open(address)) {
            who = client.identity();
            client.send(utf8("a"));
            assertThat(client.receive()).isEqualTo(utf8("a"));
            client.cut();
        }
        Session session = recorder.session();
        assertThat(session.id()).isEqualTo(who.id());
        session.send(utf8("missed"));
        try (ScriptedClient back = ScriptedClient.connect(address)) {
            back.resume(who);
            assertThat(back.receive()).isEqualTo(utf8("missed"));
            recorder.expect(who.id() + " started", who.id() + " data a", who.id() + " reconnected");
        }
    }

    @Test
    void aKickedClientGetsItsLastWordsAndTheSessionEnds() throws Exception {
        try (ScriptedClient client = ScriptedClient.open(address)) {
            client.send(utf8("a"));
            client.receive();
            Session session = recorder.session();
            session.send(utf8("bye"));
            session.kick();
            assertThat(client.receive()).isEqualTo(utf8("bye"));
            client.readUntilClosed();
            recorder.skipTo(client.id() + " ended: " + Reason.CLIENT_KICKED.text());
            assertThat(backend.sessions()).isEmpty();
        }
    }

    @Test
    void aStoppedServerEndsItsSessions() throws Exception {
        try (ScriptedClient client = ScriptedClient.open(address)) {
            client.send(utf8("a"));
            client.receive();
            server.stop();
            recorder.skipTo(client.id() + " ended: " + Reason.SERVER_STOPPING.text());
            assertThat(recorder.next()).startsWith("detached: ");
        }
    }

    @Test
    void aFirehoseThatBreaksCostsNoSession() throws Exception {
        try (ScriptedClient client = ScriptedClient.open(address)) {
            client.send(utf8("a"));
            client.receive();
            Session session = recorder.session();
            Firehose first = session.firehose();

            relay.cut();
            assertThat(first.awaitEnd(TimeUnit.SECONDS.toNanos(10))).isTrue();
            assertThat(session.send(utf8("while away"))).isTrue();

            assertThat(client.receive()).isEqualTo(utf8("while away"));
            recorder.skipTo(client.id() + " reconnected");
            for (int number = 0; number < 100; number++) {
                client.send(Bytes.numbered(number, 100));
                assertThat(Bytes.number(client.receive())).isEqualTo(number);
            }
            assertThat(backend.sessions()).containsExactly(session);
            assertThat(session.firehose()).isNotSameAs(first);
        }
    }
}
