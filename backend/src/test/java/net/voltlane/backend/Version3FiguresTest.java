package net.voltlane.backend;

import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.Ports;
import net.voltlane.testkit.ScriptedClient;
import net.voltlane.testkit.version3.ClientKeys;
import net.voltlane.testkit.version3.CountedClient;
import net.voltlane.testkit.version3.PeerLoop;
import net.voltlane.testkit.version3.PeerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests of Delivered, Slow and Ready, from clients through the real connection server to the handler. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class Version3FiguresTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int CAPACITY = 16;
    private static final int CAPACITY_BYTES = 1 << 20;
    private static final int LARGE_BYTES = 128 * 1024;

    private final Recorder3 recorder = new Recorder3();
    private final PeerLoop loop = new PeerLoop();
    private final CountedClient client = new CountedClient("client", new ClientKeys(), (number, payload) -> {});
    /** The client's connection. It is read only while {@link #loop} runs. */
    private PeerSocket link;

    private VoltlaneBackend backend;
    private VoltlaneServer server;
    private InetSocketAddress address;

    @BeforeEach
    void start() throws Exception {
        backend = VoltlaneBackend.listen(Ports.loopback(0), recorder, BackendOptions.DEFAULT);
        ServerConfig config = ServerConfig.defaults();
        server = VoltlaneServer.start(config.withListener(config.listener()
                        .withAddress(new Address("127.0.0.1", 0))
                        .withKeyFile(""))
                .withMaster(config.master()
                        .withProtocol(3)
                        .withAddress(new Address("127.0.0.1", backend.address().getPort())))
                .withClients(config.clients()
                        .withChannelCapacityBytes(CAPACITY_BYTES)
                        .withUnacknowledgedCapacity(CAPACITY)
                        .withUnacknowledgedCapacityBytes(CAPACITY_BYTES)));
        address = server.listening().toCompletableFuture().get(10, TimeUnit.SECONDS);
        recorder.expect("attached");
    }

    @AfterEach
    void stop() {
        loop.close();
        server.stop();
        server.ended().toCompletableFuture().orTimeout(15, TimeUnit.SECONDS).join();
        backend.close();
    }

    private Session open() throws Exception {
        link = loop.connect(address);
        link.onFrame(client.open(link::write, new byte[0], 0)::frame);
        loop.run("a session", LIMIT, client::isLive);
        recorder.expect(client.id() + " started", client.id() + " opened");
        return recorder.session();
    }

    private void receives(int packets) {
        loop.run("packet " + packets, LIMIT, () -> client.received() == packets);
    }

    private void send(Session session, int packets, int bytes) {
        for (int i = 0; i < packets; i++) {
            assertThat(session.send(new byte[bytes])).isTrue();
        }
    }

    /** Sends packets, and waits until they are with the server's end of the client's connection. */
    private void sendThrough(Session session, int packets, int bytes) {
        send(session, packets, bytes);
        await().until(() -> session.firehose().queuedBytes() == 0);
    }

    private void says(String what) throws Exception {
        recorder.expect(client.id() + " " + what);
    }

    @Test
    void aClientIsSlowFromHalfItsPacketsOnAndReadyAtAQuarter() throws Exception {
        Session session = open();
        sendThrough(session, 7, 10);
        recorder.expectNothingMore();
        sendThrough(session, 1, 10);
        says("slow with 120"); // each with its length and type
        receives(8);
        sendThrough(session, 5, 10);
        client.acknowledge();
        says("delivered 8"); // and five are left
        receives(13);
        sendThrough(session, 4, 10);
        client.acknowledge();
        says("delivered 13");
        says("ready with 60");
    }

    @Test
    void aClientIsSlowFromHalfItsBytesOn() throws Exception {
        Session session = open();
        sendThrough(session, 3, LARGE_BYTES);
        receives(3);
        recorder.expectNothingMore();
        send(session, 1, LARGE_BYTES);
        says("slow with " + 4 * (LARGE_BYTES + 5));
        receives(4);
        client.acknowledge();
        says("delivered 4");
        says("ready with 0");
    }

    @Test
    void aResumeTellsWhatTheClientHas() throws Exception {
        Session session = open();
        send(session, 8, 10);
        says("slow with 120");
        receives(8);
        link.reset();
        int[] turns = {0};
        loop.run("the reset to go out", LIMIT, () -> turns[0]++ > 0);
        assertThat(recorder.next()).startsWith(client.id() + " suspended: ");
        link = loop.connect(address);
        link.onFrame(client.resume(link::write, new byte[32])::frame);
        loop.run("a resume", LIMIT, client::isLive);
        assertThat(recorder.next()).startsWith(client.id() + " resumed from ");
        says("delivered 8");
        says("ready with 0");
    }

    @Test
    void ofAClientOfVersion2ItsSocketTells() throws Exception {
        try (ScriptedClient old = ScriptedClient.connect(address, 4096)) {
            old.openSession();
            recorder.expect(old.id() + " started", old.id() + " opened");
            Session session = recorder.session();
            session.send(utf8("a"));
            recorder.expect(old.id() + " delivered 1");
            assertThat(old.receive()).isEqualTo(utf8("a"));

            int sent = 1;
            String line = "";
            while (!line.startsWith(old.id() + " slow with ")) {
                sendThrough(session, 1, LARGE_BYTES);
                sent++;
                line = recorder.nextIfAny();
                assertThat(sent).as("packets that sockets hold").isLessThan(1_000);
            }
            for (int i = 1; i < sent; i++) {
                old.receive();
            }
            recorder.skipTo(old.id() + " delivered " + sent);
        }
    }
}
