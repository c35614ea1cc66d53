package net.voltlane.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Reason;
import net.voltlane.server.edge.EdgeHarness.Master;
import net.voltlane.server.edge.Listening.Kind;
import net.voltlane.server.link.Bufs;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.websocket.ClientFrames;
import net.voltlane.testkit.websocket.ServerBytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that are slow, or break the rules, on each transport. */
@ParameterizedClass
@EnumSource(Kind.class)
@ExtendWith(LeakCheck.class)
final class HostileCodecTest {
    @TempDir
    static Path folder;

    @Parameter
    Kind kind;

    private final EdgeHarness harness = new EdgeHarness();
    private Listening listening;

    @BeforeEach
    void listen() {
        listening = Listening.on(kind, folder, harness);
    }

    @AfterEach
    void close() {
        harness.close();
        listening.close();
    }

    /** A run of frames is a slice of a buffer that all clients of the loop share. */
    @Test
    void aSlowClientPinsLittle() {
        EdgeClient client = harness.open();
        client.send(Bufs.frame(0, 1));
        client.channel.takes(0);
        harness.send(client.id, new byte[6_000]);
        harness.run();
        assertThat(client.channel.hasWaiting()).isTrue();
        assertThat(harness.budget.heldBytes()).isBetween(6_000L, kind == Kind.TCP ? 600_000L : 20_000L);
    }

    /** Sends bytes past the frames' form, but inside of TLS. */
    private void raw(EdgeClient client, byte[] wire) {
        client.channel.receives(client.records instanceof SecureWebSocketClient both ? both.tls.seals(wire) : wire);
        harness.run();
    }

    private static ServerBytes came(EdgeClient client) {
        client.data();
        return client.records instanceof SecureWebSocketClient both
                ? both.web.came
                : ((WebSocketClient) client.records).came;
    }

    private void expectClosed(byte[] wire, int status, Reason reason) {
        EdgeClient client = harness.open();
        client.send(Frame.of(Bytes.utf8("first")));
        raw(client, wire);
        assertThat(came(client).closeStatus()).isEqualTo(status);
        assertThat(client.isClosed()).isTrue();
        assertThat(harness.master.received())
                .containsExactly(Master.data(client.id, Bytes.utf8("first")), Master.failed(client.id, reason));
    }

    @Test
    void aBreachOfWebSocketIsToldByTheCodeOfItsKind() {
        if (!kind.isWebSocket()) {
            return;
        }
        expectClosed(Bytes.hex("82 01 00"), 1002, Reason.PROTOCOL_VIOLATION);
        expectClosed(
                ClientFrames.frame(ClientFrames.FIN | ClientFrames.TEXT, new byte[2]), 1003, Reason.PROTOCOL_VIOLATION);
        expectClosed(
                ClientFrames.frame(ClientFrames.FIN | ClientFrames.CLOSE, Bytes.hex("03 e8 c3 28")),
                1007,
                Reason.PROTOCOL_VIOLATION);
        expectClosed(
                Bytes.concat(Bytes.hex("82 ff 0000000000800000"), ClientFrames.mask()), 1009, Reason.FRAME_TOO_LARGE);
    }

    /** A fault of TLS in the middle of a handshake of version 3, whose refusal can't be written any more. */
    @Test
    void aFaultOfTlsInAHandshakeIsCountedOnce() {
        if (!kind.isTls()) {
            return;
        }
        EdgeClient client = harness.connect();
        client.send(EdgeClient3.VERSION);
        client.channel.receives(Bytes.utf8("GET / HTTP/1.1\r\n\r\n"));
        harness.run();
        assertThat(harness.count(Metric.REJECTED_TLS)).isOne();
        assertThat(harness.count(Metric.TLS_BROKEN)).as("links with a session").isZero();
        assertThat(client.isClosed()).isTrue();
        assertThat(harness.log.lines()).noneMatch(line -> line.contains("rror"));
    }

    /** A link with a session that brings broken records is lost, and its session waits for another. */
    @Test
    void aFaultOfTlsLosesTheLinkAndNotTheSession() {
        if (!kind.isTls()) {
            return;
        }
        EdgeClient client = harness.open();
        client.send(Bufs.frame(1, 10));
        client.channel.receives(new byte[300]);
        harness.run();
        assertThat(harness.count(Metric.TLS_BROKEN)).isOne();
        assertThat(harness.master.dataOf(client.id)).containsExactly(Bufs.payload(1, 10));
        harness.send(client.id, Bufs.payload(2, 10));
        harness.run();
        assertThat(client.again().resume().data()).containsExactly(Bufs.payload(2, 10));
    }
}
