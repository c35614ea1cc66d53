package net.voltlane.backend;

import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.firehose3.Ack;
import net.voltlane.protocol.firehose3.Attributes;
import net.voltlane.protocol.firehose3.Data;
import net.voltlane.protocol.firehose3.Delivered;
import net.voltlane.protocol.firehose3.Ended;
import net.voltlane.protocol.firehose3.Opened;
import net.voltlane.protocol.firehose3.Ping;
import net.voltlane.protocol.firehose3.Pong;
import net.voltlane.protocol.firehose3.Ready;
import net.voltlane.protocol.firehose3.Resumed;
import net.voltlane.protocol.firehose3.Slow;
import net.voltlane.protocol.firehose3.Welcome;
import net.voltlane.testkit.ScriptedConnectionServer;
import net.voltlane.testkit.ScriptedServer3;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests of the packets of firehose 3, on one link. */
@Timeout(30)
class Version3PacketsTest {
    private static final String INSTANCE = "00112233445566778899aabbccddeeff";

    private final Recorder3 recorder = new Recorder3();
    private final ScriptedServer3 server = new ScriptedServer3(1);
    private TestBackend it;

    private void connect() throws Exception {
        it = TestBackend.listen(recorder, BackendOptions.DEFAULT.withInstance(INSTANCE));
        server.connect(it.address());
        recorder.expect("attached");
    }

    @AfterEach
    void close() {
        server.close();
        it.close();
    }

    @Test
    void aHelloIsAnsweredByteByByte() throws Exception {
        it = TestBackend.listen(recorder, BackendOptions.DEFAULT.withInstance(INSTANCE));
        ScriptedConnectionServer link = it.dial();
        byte[] hello = HexFormat.of()
                .parseHex("35000000" + "0000000000000000" + "10" + "0300" + "000000000000000000000000000000aa"
                        + "00000000000000000000000000000000" + "0000000000000000" + "0000");
        link.drip(hello);

        assertThat(HexFormat.of().formatHex(link.nextPayload()))
                .isEqualTo("0000000000000000" + "11" + "0300" + INSTANCE + "0000000000000000" + "0300" + "0000");
        link.drip(HexFormat.of()
                .parseHex("1c000000" + "0700000000000000" + "04" + "00" + "0100000000000000" + "0100000000000000"
                        + "0000"));
        link.drip(HexFormat.of().parseHex("0b000000" + "0700000000000000" + "00" + "6869"));
        recorder.expect("attached", "7 started", "7 opened", "7 data hi");
        recorder.session().send(utf8("ho"));

        // One Ack of both packets, before the answer or behind it; or an Ack of the first, if the second took long to
        // drip in.
        List<String> came = new ArrayList<>();
        String both = "0000000000000000" + "12" + "0200000000000000";
        String answer = "0700000000000000" + "00" + "686f";
        while (!came.containsAll(List.of(both, answer))) {
            came.add(HexFormat.of().formatHex(link.nextPayload()));
        }
        came.remove("0000000000000000" + "12" + "0100000000000000");
        assertThat(came).containsExactlyInAnyOrder(both, answer);
    }

    @Test
    void aSessionLivesFromOpenedToEnded() throws Exception {
        connect();
        server.opened(7);
        recorder.expect("7 started", "7 opened");
        Session session = recorder.session();
        assertThat(session.received()).isZero();
        assertThat(session.firehose().protocol()).isEqualTo(3);
        assertThat(session.firehose().serverInstance()).isEqualTo("00000001" + "0".repeat(24));
        session.send(utf8("the backend speaks first"));
        assertThat(server.dataFor(7)).isEqualTo(utf8("the backend speaks first"));

        server.data(7, utf8("a"));
        server.suspended(7);
        server.resumed(7, "192.0.2.1:5");
        server.data(7, utf8("b"));
        server.send(7, new Slow(100));
        server.send(7, new Ready(20));
        server.send(7, new Delivered(1));
        server.send(7, new Ended(1, 2, 1, "be gone"));

        recorder.expect(
                "7 data a",
                "7 suspended: lost",
                "7 resumed from 192.0.2.1:5",
                "7 data b",
                "7 slow with 100",
                "7 ready with 20",
                "7 delivered 1",
                "7 ended: be gone");
        assertThat(session.received()).isEqualTo(2);
        assertThat(session.isOpen()).isFalse();
        assertThat(it.backend.sessions()).isEmpty();
        server.awaitAcknowledged();
        assertThat(it.backend.stats().malformed()).isZero();
    }

    @Test
    void whatAClientHasAcknowledgedNeverGoesBack() throws Exception {
        connect();
        server.opened(7);
        recorder.expect("7 started", "7 opened");
        server.send(7, new Delivered(5));
        server.send(7, new Delivered(5));
        server.send(7, new Delivered(3));
        server.send(7, new Delivered(6));
        recorder.expect("7 delivered 5", "7 delivered 6");
    }

    @Test
    void openedTellsAboutTheClient() throws Exception {
        ClientInfo[] told = {null};
        it = TestBackend.listen(new Recorder3() {
            @Override
            public void opened(Session session, ClientInfo client) {
                told[0] = client;
                recorder.opened(session, client);
            }
        });
        server.connect(it.address());
        Attributes attributes = Attributes.of(Map.of(
                "remote", utf8("203.0.113.7:51000"),
                "local", utf8("192.0.2.1:42000"),
                "transport", utf8("tls"),
                "certificate_subject", utf8("CN=device 7,O=Example"),
                "certificate_san", utf8("DNS:d7.example, URI:spiffe://example/d7"),
                "protocol", utf8("3"),
                "credentials", utf8("secret"),
                "new in a later version", utf8("?")));
        server.send(7, new Opened(true, true, false, 11, 21, attributes));
        recorder.expect("7 opened existing suspended");

        assertThat(told[0])
                .isEqualTo(new ClientInfo(
                        "203.0.113.7:51000",
                        "192.0.2.1:42000",
                        "tls",
                        "CN=device 7,O=Example",
                        List.of("DNS:d7.example", "URI:spiffe://example/d7"),
                        3,
                        utf8("secret"),
                        true,
                        true));
        assertThat(told[0].toString()).contains("203.0.113.7").doesNotContain("secret");
        assertThat(it.backend.session(7))
                .isNotNull()
                .extracting(Session::received)
                .isEqualTo(10L);
        server.data(7, utf8("eleventh"));
        server.awaitAcknowledged();
        assertThat(it.backend.session(7))
                .isNotNull()
                .extracting(Session::received)
                .isEqualTo(11L);
    }

    @Test
    void whatAHandlerDoesNotOverrideIsNotWishedFor() throws Exception {
        it = TestBackend.listen(new Recorder());
        assertThat(server.connect(it.address()).wishes()).isZero();
        try (TestBackend slow = TestBackend.listen(new Recorder() {
            @Override
            public void ready(Session session, long bytes) {}
        })) {
            assertThat(new ScriptedServer3(2).connect(slow.address()).wishes()).isEqualTo(Welcome.SLOW);
        }
        try (TestBackend delivered = TestBackend.listen(new Recorder() {
            @Override
            public void delivered(Session session, long count) {}
        })) {
            assertThat(new ScriptedServer3(3).connect(delivered.address()).wishes())
                    .isEqualTo(Welcome.DELIVERED);
        }
    }

    @Test
    void aHandlerOfVersion2GetsResumedAsReconnected() throws Exception {
        Recorder old = new Recorder();
        it = TestBackend.listen(old);
        server.connect(it.address());
        server.opened(7);
        server.suspended(7);
        server.send(7, new Resumed(true, "192.0.2.1:5"));
        old.expect("attached", "7 started", "7 reconnected");
    }

    @Test
    void aKickHasATextForTheClient() throws Exception {
        connect();
        server.opened(7);
        server.opened(8);
        recorder.expect("7 started", "7 opened", "8 started", "8 opened");
        Session seven = recorder.session();
        seven.send(utf8("bye"));
        assertThatThrownBy(() -> seven.kick("x".repeat(1025)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a text of 1025 bytes (expected: at most 1024)");
        assertThat(seven.kick("no more room")).isTrue();
        assertThat(seven.kick()).isFalse();
        assertThat(seven.send(utf8("too late"))).isFalse();
        assertThat(recorder.session().kick()).isTrue();

        assertThat(server.dataFor(7)).isEqualTo(utf8("bye"));
        assertThat(server.kickOf(7)).isEqualTo("no more room");
        assertThat(server.kickOf(8)).isEmpty();
    }

    @Test
    void anEndHasANumberAndCounts() throws Exception {
        EndReason[] told = {null};
        it = TestBackend.listen(new Recorder() {
            @Override
            public void ended(Session session, EndReason reason) {
                told[0] = reason;
                recorder.ended(session, reason);
            }
        });
        server.connect(it.address());
        server.opened(7);
        server.send(7, new Ended(1, 12, 9, "be gone"));
        recorder.expect("7 ended: be gone");

        assertThat(told[0]).isEqualTo(new EndReason("be gone", false, 1, 12, 9));
        assertThat(told[0].is(Reason.CLIENT_KICKED)).isTrue();
        assertThat(told[0].known()).contains(Reason.CLIENT_KICKED);
        assertThat(EndReason.ORPHANED.code()).isZero();
        assertThat(EndReason.ORPHANED.taken()).isEqualTo(-1);
    }

    @Test
    void aPingIsAnsweredAndOneIsSentWhereNothingElseIs() throws Exception {
        connect();
        server.send(0, new Ping(utf8("sixteen bytes---")));
        assertThat(server.next().message()).isEqualTo(new Pong(utf8("sixteen bytes---")));

        it.pass(Duration.ofSeconds(5).minusNanos(1));
        server.link().expectSilence(Duration.ofMillis(100));
        server.send(0, new Ping(utf8("x")));
        assertThat(server.next().message()).isEqualTo(new Pong(utf8("x")));
        it.pass(Duration.ofSeconds(5).minusNanos(1));
        server.link().expectSilence(Duration.ofMillis(100));
        it.pass(Duration.ofNanos(1));
        assertThat(server.next().message()).isEqualTo(new Ping(new byte[0]));
        it.pass(Duration.ofSeconds(5));
        assertThat(server.next().message()).isEqualTo(new Ping(new byte[0]));
    }

    @Test
    void packetsAreAcknowledgedTogetherAndAtLastByThemselves() throws Exception {
        connect();
        server.opened(7);
        server.awaitAcknowledged();
        for (int i = 0; i < 64; i++) {
            server.data(7, utf8("x"));
        }
        server.awaitAcknowledged();
        server.data(7, new byte[70_000]);
        server.awaitAcknowledged();
        assertThat(server.sent()).isEqualTo(66);
    }

    @Test
    void aPacketIsNotAcknowledgedBeforeItsHandlerHasReturned() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        it = TestBackend.listen(new Recorder3() {
            @Override
            public void data(Session session, byte[] data) {
                recorder.data(session, data);
                if (data.length == 4) {
                    Uninterruptibly.await(goOn);
                }
            }
        });
        server.connect(it.address());
        server.opened(7);
        server.data(7, utf8("a"));
        server.data(7, utf8("slow"));
        server.data(7, utf8("b"));
        recorder.expect("7 data a", "7 data slow");
        while (server.acknowledged() < 2) {
            server.next();
        }
        server.link().expectSilence(Duration.ofMillis(120));
        goOn.countDown();
        recorder.expect("7 data b");
        server.awaitAcknowledged();
    }

    @Test
    void aPacketThatItsHandlerFailsOnIsAcknowledgedToo() throws Exception {
        it = TestBackend.listen(new Recorder3() {
            @Override
            public void data(Session session, byte[] data) {
                recorder.data(session, data);
                throw new IllegalStateException("a bug");
            }
        });
        server.connect(it.address());
        server.opened(7);
        server.data(7, utf8("a"));
        server.data(7, utf8("b"));
        server.awaitAcknowledged();
        recorder.expect("7 data a", "7 data b");
        assertThat(it.backend.stats().handlerFailures()).isEqualTo(2);
        assertThat(it.backend.firehoses()).hasSize(1);
    }

    /** The answer goes out before its own packet is taken over, but what was taken over before it is acknowledged first. */
    @Test
    void anAckRidesWithDataThatGoesOutAnyway() throws Exception {
        it = TestBackend.listen(new Recorder3() {
            @Override
            public void data(Session session, byte[] data) {
                if (data.length == 1) {
                    session.send(data);
                }
            }
        });
        server.connect(it.address());
        server.opened(7);
        server.awaitAcknowledged();
        for (int i = 0; i < 20; i++) {
            server.data(7, utf8("no answer"));
            server.data(7, utf8("x"));
            long acknowledged = 0;
            ScriptedServer3.Packet packet = server.next();
            while (packet.message() instanceof Ack ack) {
                acknowledged = ack.count();
                packet = server.next();
            }
            assertThat(packet).isEqualTo(new ScriptedServer3.Packet(7, new Data(utf8("x"))));
            assertThat(acknowledged).isBetween(server.sent() - 1, server.sent());
            server.acknowledge();
        }
    }
}
