package net.voltlane.server.edge;

import static net.voltlane.server.link.Bufs.frame;
import static net.voltlane.server.link.Bufs.payload;
import static net.voltlane.testkit.websocket.ClientFrames.BINARY;
import static net.voltlane.testkit.websocket.ClientFrames.FIN;
import static net.voltlane.testkit.websocket.ClientFrames.PING;
import static net.voltlane.testkit.websocket.ClientFrames.TEXT;
import static net.voltlane.testkit.websocket.ClientFrames.message;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.CloseCode;
import net.voltlane.protocol.PubKey;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.link3.Data;
import net.voltlane.protocol.link3.Leave;
import net.voltlane.server.edge.EdgeHarness.Master;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.Seeds;
import net.voltlane.testkit.websocket.ClientFrames;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A session's life over WebSocket. {@code ServerBytes} fails a test at any byte that RFC 6455 forbids a server. */
@ExtendWith(LeakCheck.class)
final class WebSocketLinkTest extends WebSocketCase {
    @BeforeEach
    void listen() {
        listenOnWebSocket();
    }

    @AfterEach
    void close() {
        harness.close();
    }

    private void sendNumbered(long id, int first, int last) {
        for (int i = first; i <= last; i++) {
            harness.send(id, payload(i, 10));
        }
        harness.run();
    }

    private static byte[][] numbered(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(i -> payload(i, 10)).toArray(byte[][]::new);
    }

    private void raw(EdgeClient client, byte[] wire) {
        client.channel.receives(wire);
        harness.run();
    }

    private void raw(EdgeClient3 client, byte[] wire) {
        client.channel.receives(wire);
        harness.run();
    }

    // ---- data

    @Test
    void dataGoesBothWays() {
        EdgeClient client = harness.open();
        client.send(Bytes.concat(frame(1, 10), frame(2, 0), frame(3, 5_000), frame(4, 70_000)));
        assertThat(harness.master.dataOf(client.id))
                .containsExactly(payload(1, 10), payload(2, 0), payload(3, 5_000), payload(4, 70_000));
        harness.send(client.id, payload(5, 10));
        harness.send(client.id, payload(6, 200));
        harness.send(client.id, payload(7, 9_000));
        harness.send(client.id, payload(8, 70_000));
        harness.run();
        assertThat(client.data())
                .containsExactly(payload(5, 10), payload(6, 200), payload(7, 9_000), payload(8, 70_000));
    }

    /** The request, the handshake and data in one segment; a client must wait for the answer, but this one does not. */
    @Test
    void aClientSendsEverythingAhead() {
        EdgeClient client = harness.connect();
        byte[] handshake = EdgeClient.frames(EdgeClient.VERSION, new PubKey(client.keys.publicKey()));
        client.send(Bytes.concat(handshake, frame(1, 10), frame(2, 20)));
        client.expect(PubKey.class);
        assertThat(client.expect(ClientId.class).id()).isNotZero();
        client.id = harness.master.received().get(0).id();
    }

    @Test
    void fragmentsAreOnePacket() {
        EdgeClient client = harness.open();
        raw(client, ClientFrames.frame(BINARY, payload(1, 5_000)));
        assertThat(harness.master.received()).isEmpty();
        assertThat(harness.budget.heldBytes()).isGreaterThanOrEqualTo(5_000);
        raw(client, Bytes.concat(ClientFrames.frame(FIN | PING, new byte[0]), ClientFrames.frame(FIN, payload(2, 9))));
        assertThat(harness.master.dataOf(client.id)).containsExactly(Bytes.concat(payload(1, 5_000), payload(2, 9)));
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void aClientThatReadsSlowlyGetsEverythingInOrder() {
        EdgeClient client = harness.open();
        client.channel.takes(0);
        sendNumbered(client.id, 1, 200);
        List<byte[]> got = new ArrayList<>();
        while (got.size() < 200) {
            client.channel.takes(7);
            harness.run();
            got.addAll(client.data());
        }
        assertThat(got).containsExactly(numbered(1, 200));
        assertThat(harness.budget.heldBytes()).isZero();
    }

    // ---- sessions move between transports

    /** A link breaks after any number of bytes, and the session goes on over the other transport, and back. */
    @Test
    void aSessionMovesBetweenTcpAndWebSocketAndLosesNothing() {
        Seeds.run(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            for (int round = 0; round < 10; round++) {
                listenOnTcp();
                EdgeClient client = harness.open();
                client.send(frame(0, 1));
                harness.master.received();
                List<byte[]> got = new ArrayList<>();
                for (int move = 0; move < 6; move++) {
                    client.channel.takes(random.nextInt(500));
                    sendNumbered(client.id, move * 50 + 1, move * 50 + 50);
                    got.addAll(client.data());
                    client.channel.finished();
                    harness.run();
                    if (move % 2 == 0) {
                        listenOnWebSocket();
                    } else {
                        listenOnTcp();
                    }
                    client = client.again().resume();
                    got.addAll(client.data());
                    assertThat(harness.master.received()).containsExactly(Master.reconnected(client.id));
                }
                assertThat(got).containsExactly(numbered(1, 300));
                client.send(frame(9, 9));
                assertThat(harness.master.dataOf(client.id)).containsExactly(payload(9, 9));
            }
        });
    }

    @Test
    void aSessionOfVersion3MovesToo() {
        listenOnTcp();
        EdgeClient3 tcp = EdgeClient3.open(harness);
        tcp.send(new Data(payload(1, 5)));
        listenOnWebSocket();
        EdgeClient3 webSocket = tcp.again().resume(0, 1);
        webSocket.send(new Data(payload(2, 5)));
        assertThat(harness.master.received())
                .containsExactly(
                        Master.data(tcp.id, payload(1, 5)),
                        Master.reconnected(tcp.id),
                        Master.data(tcp.id, payload(2, 5)));
        tcp.expectClose(CloseCode.TAKEN_OVER);
        listenOnTcp();
        webSocket.again().resume(0, 1);
        webSocket.expectClose(CloseCode.TAKEN_OVER);
        assertThat(came(webSocket).closeStatus()).isEqualTo(4012);
    }

    // ---- ends

    @Test
    void aKickDeliversEverythingThenSaysWhy() {
        EdgeClient client = harness.open();
        client.send(frame(0, 1));
        client.channel.takes(25);
        sendNumbered(client.id, 1, 3);
        harness.sessions.kick(client.id);
        harness.run();
        assertThat(client.channel.endedItsOutput()).isFalse();
        client.channel.takesAll();
        harness.run();
        assertThat(client.data()).containsExactly(numbered(1, 3));
        assertThat(came(client).closeStatus()).isEqualTo(4001);
        assertThat(came(client).closeText()).isEqualTo("kicked");
        assertThat(client.channel.endedItsOutput()).isTrue();
        raw(client, ClientFrames.close(4001, ""));
        client.channel.finished();
        harness.run();
        assertThat(client.channel.wasReset()).isFalse();
    }

    @Test
    void aClientOfVersion3GetsItsCloseFrameFirst() {
        EdgeClient3 client = EdgeClient3.open(harness);
        client.send(new Data(payload(1, 1)));
        harness.sessions.kick(client.id, Bytes.utf8("flooded the chat"));
        harness.run();
        assertThat(client.expectClose(CloseCode.KICKED).text()).isEqualTo("flooded the chat");
        assertThat(came(client).closeStatus()).isEqualTo(4001);
        assertThat(came(client).closeText()).isEqualTo("flooded the chat");
    }

    @Test
    void leavingIsANormalEnd() {
        EdgeClient3 client = EdgeClient3.open(harness);
        client.send(new Leave());
        client.expectClose(CloseCode.LEFT);
        assertThat(came(client).closeStatus()).isEqualTo(1000);
    }

    @Test
    void aStopSaysThatTheServerGoesAway() {
        EdgeClient client = harness.open();
        harness.sessions.stop(() -> {});
        harness.run();
        assertThat(came(client).closeStatus()).isEqualTo(1001);
    }

    @Test
    void aMessageOverTheLimitEndsTheSession() {
        EdgeClient3 client = EdgeClient3.open(harness);
        client.send(new Data(payload(1, 1)));
        raw(client, Bytes.concat(Bytes.hex("82 ff 0000000000800000"), ClientFrames.mask()));
        client.expectClose(CloseCode.FRAME_TOO_LARGE);
        assertThat(came(client).closeStatus()).isEqualTo(1009);
        assertThat(harness.master.received())
                .containsExactly(
                        Master.data(client.id, payload(1, 1)), Master.failed(client.id, Reason.FRAME_TOO_LARGE));
    }

    @Test
    void fragmentsOverTheLimitEndTheSession() {
        EdgeClient client = harness.open();
        client.send(frame(1, 1));
        byte[] half = new byte[EdgeHarness.MAX_FRAME_BYTES / 2 + 1];
        raw(client, ClientFrames.frame(BINARY, half));
        raw(client, ClientFrames.frame(FIN, half));
        assertThat(came(client).closeStatus()).isEqualTo(1009);
        assertThat(harness.master.received())
                .containsExactly(
                        Master.data(client.id, payload(1, 1)), Master.failed(client.id, Reason.FRAME_TOO_LARGE));
    }

    @Test
    void textEndsTheSessionBehindWhatCameBefore() {
        EdgeClient client = harness.open();
        raw(
                client,
                Bytes.concat(
                        message(payload(1, 5)), ClientFrames.frame(FIN | TEXT, new byte[2]), message(payload(2, 5))));
        assertThat(came(client).closeStatus()).isEqualTo(1003);
        assertThat(harness.master.received())
                .containsExactly(
                        Master.data(client.id, payload(1, 5)), Master.failed(client.id, Reason.PROTOCOL_VIOLATION));
        assertThat(harness.log.lines()).anyMatch(line -> line.contains("its client sent a text message"));
    }

    @Test
    void aFrameWithoutAMaskEndsTheSession() {
        EdgeClient3 client = EdgeClient3.open(harness);
        raw(client, Bytes.hex("82 01 00"));
        client.expectClose(CloseCode.VIOLATION);
        assertThat(came(client).closeStatus()).isEqualTo(1002);
    }

    /** The page is gone, but its session waits. */
    @Test
    void aCloseFrameLosesTheLinkAndNotTheSession() {
        EdgeClient client = harness.open();
        raw(client, Bytes.concat(message(payload(1, 5)), ClientFrames.close(1001, "bye")));
        assertThat(came(client).closeStatus()).isEqualTo(1001);
        assertThat(client.channel.isOpen()).isFalse();
        assertThat(harness.master.dataOf(client.id)).containsExactly(payload(1, 5));
        sendNumbered(client.id, 1, 3);
        assertThat(client.again().resume().data()).containsExactly(numbered(1, 3));
    }

    /** The answer would stand in the middle of a message. */
    @Test
    void aCloseFrameAmidAMessageGetsNoAnswer() {
        EdgeClient client = harness.open();
        client.channel.takes(20);
        sendNumbered(client.id, 1, 3);
        raw(client, ClientFrames.close(1000, ""));
        client.channel.takesAll();
        harness.run();
        assertThat(client.channel.isOpen()).isFalse();
        List<byte[]> got = new ArrayList<>(client.data());
        assertThat(came(client).closeStatus()).isNull();
        got.addAll(client.again().resume().data());
        assertThat(got).containsExactly(numbered(1, 3));
    }

    @Test
    void aPeerThatDoesNotCloseIsReset() {
        EdgeClient client = harness.open();
        harness.sessions.kick(client.id);
        harness.run();
        harness.advance(Duration.ofSeconds(6));
        assertThat(client.channel.wasReset()).isTrue();
    }

    // ---- control frames

    @Test
    void aPingIsAnsweredWithItsPayload() {
        EdgeClient client = harness.open();
        raw(client, ClientFrames.frame(FIN | PING, Bytes.utf8("are you there?")));
        assertThat(came(client).pongs()).containsExactly(Bytes.utf8("are you there?"));
    }

    /** A flood of Pings by a client that does not read keeps one Pong, the newest. */
    @Test
    void ofPongsOneWaitsForTheSocket() {
        EdgeClient client = harness.open();
        client.channel.takes(5);
        sendNumbered(client.id, 1, 1);
        for (int i = 0; i < 1_000; i++) {
            raw(client, ClientFrames.frame(FIN | PING, Bytes.numbered(i, 100)));
        }
        assertThat(client.channel.isOpen()).isTrue();
        client.channel.takesAll();
        harness.run();
        assertThat(client.data()).containsExactly(payload(1, 10));
        assertThat(came(client).pongs()).containsExactly(Bytes.numbered(999, 100));
    }

    /** Browsers cut long messages into fragments. */
    @Test
    void fragmentsAreASignOfLife() {
        EdgeClient3 client = EdgeClient3.open(harness);
        raw(client, ClientFrames.frame(BINARY, new byte[1]));
        for (int i = 0; i < 10; i++) {
            harness.advance(Duration.ofSeconds(client.heartbeatSecs));
            raw(client, ClientFrames.frame(0, payload(i, 100)));
        }
        assertThat(client.isClosed()).isFalse();
        raw(client, ClientFrames.frame(FIN, new byte[0]));
        assertThat(harness.master.received()).hasSize(1);
    }

    /** Pings of the codec's own are a sign of life, as those of version 3 are. */
    @Test
    void aPingIsASignOfLife() {
        EdgeClient3 client = EdgeClient3.open(harness);
        for (int i = 0; i < 10; i++) {
            harness.advance(Duration.ofSeconds(client.heartbeatSecs));
            raw(client, ClientFrames.frame(FIN | PING, new byte[0]));
        }
        assertThat(client.isClosed()).isFalse();
        harness.advance(Duration.ofSeconds(3L * client.heartbeatSecs));
        client.expectClose(CloseCode.SILENT);
        assertThat(came(client).closeStatus()).isEqualTo(4013);
    }
}
