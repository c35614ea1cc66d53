package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.Flag;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests of clients of version 3 against the project's own server, with a backend behind a firehose 2. */
@Timeout(120)
@ExtendWith({LeakCheck.class, ThreadsLeft.class})
final class Version3OwnServerTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final Recorder events = new Recorder();

    private static ClientBuilder client(OwnServer server) {
        return server.client().protocol(Protocol.V3);
    }

    @Test
    void packetsOfAllSizesGoBothWaysInOrder() throws Exception {
        int[] sizes = {0, 1, 16_374, 16_375, 16_376, 5, 70_000, 0, 300_000, 3, 8_388_599, 17};
        try (OwnServer server = OwnServer.start();
                VoltlaneClient client = client(server).connect()) {
            server.master().echo(true);
            for (int size : sizes) {
                client.send(new byte[size]);
            }
            for (int size : sizes) {
                assertThat(client.receive(LONG)).hasSize(size);
            }
            await().until(() -> client.unacknowledged() == 0);
            assertThatThrownBy(() -> client.send(new byte[8_388_600])).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** Links are cut at random moments while both sides send: each packet arrives once, in order, both ways. */
    @Test
    void nothingIsLostAndNothingComesTwiceOverManyCuts() {
        Seeds.run(seed -> {
            Random random = new Random(seed);
            int packets = 3_000;
            try (OwnServer server = OwnServer.start();
                    VoltlaneClient client = client(server).connect()) {
                server.master().echo(true);
                Thread sender = new Thread(() -> {
                    try {
                        for (int i = 0; i < packets; i++) {
                            client.send(Bytes.numbered(i, 4 + i % 600));
                        }
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                });
                sender.start();
                int cuts = 0;
                for (int i = 0; i < packets; i++) {
                    if (random.nextInt(30) == 0) {
                        server.relay().cut();
                        cuts++;
                    }
                    assertThat(client.receive(LONG))
                            .as("after %d cuts", cuts)
                            .isEqualTo(Bytes.numbered(i, 4 + i % 600));
                }
                sender.join(20_000);
                assertThat(cuts).isGreaterThan(20);
                await().until(() -> client.unacknowledged() == 0);
                assertThat(client.receive(Duration.ofMillis(20))).isNull();
            }
        });
    }

    @Test
    void aNewProcessGoesOnWhereTheOldOneWas() throws Exception {
        int packets = 200;
        try (OwnServer server = OwnServer.start()) {
            server.master().echo(true);
            SessionState state = null;
            int sent = 0;
            int received = 0;
            while (received < packets) {
                ClientBuilder builder = client(server);
                if (state != null) {
                    builder.importState(SessionState.fromBytes(state.toBytes()));
                }
                try (VoltlaneClient client = builder.connect()) {
                    for (int i = 0; i < 20 && sent < packets; i++) {
                        client.send(Bytes.numbered(sent++, 30));
                    }
                    for (int i = 0; i < 15 && received < sent; i++) {
                        assertThat(client.receive(LONG)).isEqualTo(Bytes.numbered(received++, 30));
                    }
                    state = client.closeAndExport(true);
                }
            }
            assertThat(received).isEqualTo(sent);
        }
    }

    @Test
    void anAcknowledgedPacketIsAtTheMaster() throws Exception {
        try (OwnServer server = OwnServer.start();
                VoltlaneClient client = client(server).connect()) {
            client.sendAcknowledged(Bytes.utf8("1")).get(20, TimeUnit.SECONDS);
            assertThat(server.master().dataOf(client.sessionId())).isEqualTo(Bytes.utf8("1"));
        }
    }

    @Test
    void aKickIsTold() throws Exception {
        try (OwnServer server = OwnServer.start();
                VoltlaneClient client = client(server).listener(events).connect()) {
            client.send(Bytes.utf8("1"));
            server.master().dataOf(client.sessionId());
            server.master().kick(client.sessionId());
            ClientException thrown = (ClientException) catchThrowable(client::receive);
            assertThat(thrown.reason()).isEqualTo(CloseReason.KICKED);
            assertThat(events.until("closed")).containsExactly("connected new", "closed KICKED false");
        }
    }

    @Test
    void closeTellsTheBackendThatTheClientHasLeft() throws Exception {
        try (OwnServer server = OwnServer.start()) {
            VoltlaneClient client = client(server).connect();
            client.send(Bytes.utf8("1"));
            client.close();
            long id = server.master().next().id();
            assertThat(server.master().nextFor(id).flag()).isEqualTo(Flag.FAILURE);
        }
    }

    @Test
    void theLastLinkOfASessionWins() throws Exception {
        BlockingQueue<CloseReason> ends = new LinkedBlockingQueue<>();
        ClientListener listener = new ClientListener() {
            @Override
            public void closed(VoltlaneClient client, CloseReason reason, boolean retryable) {
                ends.add(reason);
            }
        };
        try (OwnServer server = OwnServer.start();
                VoltlaneClient first = client(server).listener(listener).connect();
                VoltlaneClient second =
                        client(server).importState(first.exportState()).connect()) {
            assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo(CloseReason.TAKEN_OVER);
            assertThat(second.isConnected()).isTrue();
        }
    }

    @Test
    void anOldStateIsAGap() throws Exception {
        try (OwnServer server = OwnServer.start()) {
            server.master().echo(true);
            SessionState old;
            try (VoltlaneClient client = client(server).connect()) {
                old = client.exportState();
                for (int i = 0; i < 64; i++) {
                    client.send(Bytes.numbered(i, 8));
                }
                for (int i = 0; i < 64; i++) {
                    client.receive(LONG);
                }
                client.closeAndExport(false);
            }
            ClientException thrown = (ClientException)
                    catchThrowable(() -> client(server).importState(old).connect());
            assertThat(thrown.reason()).isIn(CloseReason.GAP, CloseReason.SESSION_GONE);
        }
    }

    @Test
    void autoSpeaksVersion3() throws Exception {
        try (OwnServer server = OwnServer.start();
                VoltlaneClient client = server.client().protocol(Protocol.AUTO).connect()) {
            assertThat(client.protocol()).isEqualTo(Protocol.V3);
            assertThat(client.exportState().serverKey()).hasSize(32);
        }
    }
}
