package net.voltlane.server;

import static net.voltlane.testkit.Bytes.numbered;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Flag;
import net.voltlane.server.VoltlaneServerTest.Running;
import net.voltlane.server.VoltlaneServerTest.Setup;
import net.voltlane.server.config.TransportKind;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.Firehose;
import net.voltlane.testkit.OwnNetwork;
import net.voltlane.testkit.ScriptedClient;
import org.awaitility.Awaitility;

/**
 * The process that {@link VanishedPeersTest} runs in a network namespace, where it may change routes. A peer vanishes
 * when packets from its port are no longer routed: its kernel still gets what is sent to it, but the server gets no
 * answer. Exits with an error if an expectation fails.
 */
final class VanishedPeers {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int PACKETS = 200;
    /** Far more bytes in all than the kernels on both sides hold. */
    private static final int PACKET_BYTES = 64 * 1024;

    private VanishedPeers() {}

    public static void main(String[] args) throws Exception {
        OwnNetwork.openLoopback();
        List<Setup> setups = VoltlaneServerTest.setups().stream()
                .filter(setup -> setup.threads() == 1 && setup.transport() != TransportKind.AUTO)
                .toList();
        for (Setup setup : setups) {
            if (setup.transport() != TransportKind.NIO) {
                aClientWithLittleUnderWay(setup);
                aClientWithMuchUnderWay(setup);
                aMaster(setup);
            }
        }
        quietClients(setups);
        System.out.println("all held");
    }

    private static Running start(Setup setup) throws Exception {
        return Running.start(
                setup,
                c -> c.withListener(c.listener().withPeerTimeoutSecs(1))
                        .withMaster(c.master().withPeerTimeoutSecs(1))
                        .withClients(c.clients().withMissedPacketsBufferSize(PACKETS)));
    }

    /** The kernel has taken all of it, so the server's own queue is empty and can't tell. */
    private static void aClientWithLittleUnderWay(Setup setup) throws Exception {
        try (Running it = start(setup);
                ScriptedClient client = ScriptedClient.open(it.address())) {
            hello(it, client);
            OwnNetwork.vanish(client.localPort());
            it.firehose().send(client.id(), numbered(0, 10));
            await(it, Metric.CLIENT_PEER_UNACKNOWLEDGED);
            it.firehose().send(client.id(), numbered(1, 10)); // kept, because the session is stale
            try (ScriptedClient back = ScriptedClient.connect(it.address())) {
                back.resume(client.identity());
                it.firehose().expectReconnection(client.id()); // and no Failure before it
                assertThat(Bytes.number(back.receive())).isEqualTo(1);
            }
        }
    }

    /** Only packets that the kernel had taken are lost. */
    private static void aClientWithMuchUnderWay(Setup setup) throws Exception {
        try (Running it = start(setup);
                ScriptedClient client = ScriptedClient.connect(it.address(), 8 * 1024)) {
            client.openSession();
            hello(it, client);
            OwnNetwork.vanish(client.localPort());
            for (int i = 0; i < PACKETS; i++) {
                it.firehose().send(client.id(), numbered(i, PACKET_BYTES));
            }
            await(it, Metric.CLIENT_PEER_UNACKNOWLEDGED);
            try (ScriptedClient back = ScriptedClient.connect(it.address())) {
                back.resume(client.identity());
                it.firehose().expectReconnection(client.id());
                int first = Bytes.number(back.receive());
                assertThat(first).as("the first that the kernel had not taken").isLessThan(PACKETS - 1);
                for (int i = first + 1; i < PACKETS; i++) {
                    assertThat(Bytes.number(back.receive())).isEqualTo(i);
                }
            }
        }
    }

    private static void aMaster(Setup setup) throws Exception {
        try (Running it = start(setup);
                ScriptedClient client = ScriptedClient.open(it.address())) {
            hello(it, client);
            int port = it.master().address().getPort();
            OwnNetwork.vanish(port);
            client.send(numbered(0, 10));
            await(it, Metric.MASTER_PEER_UNACKNOWLEDGED);
            client.send(numbered(1, 10));
            OwnNetwork.comeBack(port);
            Firehose next = it.master().timeout(LIMIT).accept();
            next.expectReconnection(client.id());
            assertThat(next.nextFor(client.id(), LIMIT))
                    .isEqualTo(new FirehosePacket(client.id(), Flag.DATA, numbered(1, 10)));
        }
    }

    /** Nothing is under way to these clients, so only keepalive finds them, with each kind of sockets. */
    private static void quietClients(List<Setup> setups) throws Exception {
        List<Running> servers = new ArrayList<>();
        List<ScriptedClient> clients = new ArrayList<>();
        try {
            for (Setup setup : setups) {
                Running it = start(setup);
                servers.add(it);
                ScriptedClient client = ScriptedClient.open(it.address());
                clients.add(client);
                hello(it, client);
                client.send(numbered(9, 10)); // which acknowledges what it got
                assertThat(Bytes.number(it.firehose().dataOf(client.id()))).isEqualTo(9);
                OwnNetwork.vanish(client.localPort());
            }
            for (Running it : servers) {
                await(it, Metric.CLIENT_PEER_QUIET);
                await(it, Metric.LINKS_LOST);
                assertThat(it.server().count(Metric.CLIENT_PEER_UNACKNOWLEDGED)).isZero();
            }
        } finally {
            clients.forEach(ScriptedClient::close);
            servers.forEach(Running::close);
        }
    }

    private static void hello(Running it, ScriptedClient client) {
        client.send(numbered(7, 10));
        assertThat(Bytes.number(it.firehose().dataOf(client.id()))).isEqualTo(7);
        it.firehose().send(client.id(), numbered(8, 10));
        assertThat(Bytes.number(client.receive())).isEqualTo(8);
    }

    private static void await(Running it, Metric metric) {
        Awaitility.await(metric.series()).atMost(LIMIT).until(() -> it.server().count(metric) == 1);
    }
}
