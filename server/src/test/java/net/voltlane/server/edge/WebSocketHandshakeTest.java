package net.voltlane.server.edge;

import static net.voltlane.testkit.websocket.ClientFrames.FIN;
import static net.voltlane.testkit.websocket.ClientFrames.TEXT;
import static net.voltlane.testkit.websocket.ClientFrames.upgrade;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.PubKey;
import net.voltlane.server.guard.ConnectionLimits;
import net.voltlane.server.guard.GuardLimits;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.websocket.ClientFrames;
import net.voltlane.testkit.websocket.ServerBytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Connections on a WebSocket listener that get no session, and those that come through a web proxy. */
@ExtendWith(LeakCheck.class)
final class WebSocketHandshakeTest extends WebSocketCase {
    private static final String PROXY = "10.0.0.1";

    @BeforeEach
    void listen() {
        listenOnWebSocket();
    }

    @AfterEach
    void close() {
        harness.close();
    }

    /** From now on clients come through proxies of 10.0.0.0/8. */
    private void trustProxies(GuardLimits limits) {
        harness.close();
        EdgeSettings all = EdgeHarness.SETTINGS;
        harness = new EdgeHarness(
                new EdgeSettings(
                        all.maxFrameBytes(),
                        all.handshakeTimeoutNanos(),
                        all.channel(),
                        false,
                        all.peerTimeoutNanos(),
                        new TrustedProxies(address -> address.getAddress()[0] == 10, false),
                        ServedVersions.ALL),
                limits);
        listenOnWebSocket();
    }

    private FakeChannel accept(String from) {
        FakeChannel channel = harness.accept(from);
        harness.run();
        return channel;
    }

    private ServerBytes send(FakeChannel channel, byte[]... parts) {
        channel.receives(Bytes.concat(parts));
        harness.run();
        return new ServerBytes().add(channel.taken());
    }

    private static byte[] open(String version) {
        return ClientFrames.message(Bytes.hex(version));
    }

    // ---- rejections

    @Test
    void aRequestThatIsNoUpgradeIsAnsweredCountedAndClosed() {
        FakeChannel channel = accept(EdgeClient.HOME);
        ServerBytes came = send(channel, ClientFrames.request("GET / HTTP/1.1", "Host: x"), new byte[100]);
        assertThat(came.answer()).startsWith("HTTP/1.1 426 ");
        assertThat(channel.endedItsOutput()).isTrue();
        assertThat(harness.count(Metric.REJECTED_HTTP_NO_UPGRADE)).isEqualTo(1);
        assertThat(harness.log.lines()).anyMatch(line -> line.contains("HTTP request without an upgrade"));
        channel.finished();
        harness.run();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void bytesOfAnotherProtocolAreRefusedAtTheFirstOne() {
        ServerBytes came = send(accept(EdgeClient.HOME), Frame.of(new byte[] {1, 3}));
        assertThat(came.answer()).startsWith("HTTP/1.1 400 ");
        assertThat(harness.count(Metric.REJECTED_HTTP_MALFORMED)).isEqualTo(1);
    }

    @Test
    void aHeadHasABound() {
        FakeChannel channel = accept(EdgeClient.HOME);
        byte[] line = Bytes.utf8("GET / HTTP/1.1\r\nX: ");
        byte[] filler = new byte[8_000];
        Arrays.fill(filler, (byte) 'x');
        assertThat(send(channel, line, filler).answer()).isEmpty();
        assertThat(harness.budget.heldBytes()).isBetween(8_000L, 8_192L);
        assertThat(send(channel, filler).answer()).startsWith("HTTP/1.1 431 ");
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void aRequestThatDripsHasTheTimeOfAHandshake() {
        FakeChannel channel = accept(EdgeClient.HOME);
        for (byte each : Bytes.utf8("GET / HTTP/1.1\r\nH")) {
            send(channel, new byte[] {each});
            harness.advance(Duration.ofMillis(700));
        }
        assertThat(channel.isOpen()).isFalse();
        assertThat(harness.count(Metric.REJECTED_TIMEOUT)).isEqualTo(1);
    }

    @Test
    void anUpgradeWithoutAHandshakeHasItsTimeToo() {
        FakeChannel channel = accept(EdgeClient.HOME);
        ServerBytes came = send(channel, upgrade());
        harness.advance(EdgeHarness.HANDSHAKE_TIMEOUT.plusSeconds(1));
        assertThat(came.add(channel.taken()).closeStatus()).isEqualTo(4013);
        assertThat(channel.endedItsOutput()).isTrue();
        assertThat(harness.count(Metric.REJECTED_TIMEOUT)).isEqualTo(1);
    }

    @Test
    void atTheMemoryLimitARequestThatIsNotCompleteGoesFirst() {
        FakeChannel channel = accept(EdgeClient.HOME);
        send(channel, Bytes.utf8("GET / HTTP/1.1\r\n"));
        harness.loop.timeouts.shed();
        harness.run();
        assertThat(channel.isOpen()).isFalse();
        assertThat(harness.count(Metric.REJECTED_MEMORY)).isEqualTo(1);
    }

    @Test
    void aTextMessageInTheHandshakeClosesThatConnection() {
        FakeChannel channel = accept(EdgeClient.HOME);
        ServerBytes came = send(channel, upgrade(), ClientFrames.frame(FIN | TEXT, Bytes.utf8("hello")));
        assertThat(came.closeStatus()).isEqualTo(1003);
        assertThat(channel.isOutputShutdown()).isTrue();
        assertThat(harness.count(Metric.REJECTED_WEBSOCKET_FRAME)).isEqualTo(1);
    }

    @Test
    void aFirstMessageOverItsLimitIsTooLarge() {
        ServerBytes came = send(accept(EdgeClient.HOME), upgrade(), ClientFrames.message(new byte[2_000]));
        assertThat(came.closeStatus()).isEqualTo(1009);
        assertThat(harness.count(Metric.REJECTED_FRAME_TOO_LARGE)).isEqualTo(1);
    }

    // ---- subprotocols

    @Test
    void theFirstMessageMustNameTheVersionThatWasAgreedOn() {
        ServerBytes came = send(accept(EdgeClient.HOME), upgrade("Sec-WebSocket-Protocol: voltlane.3"), open("01 02"));
        assertThat(came.closeStatus()).isEqualTo(4008);
        assertThat(harness.count(Metric.REJECTED_SUBPROTOCOL)).isEqualTo(1);
    }

    /** A plain close with input unread would reset the connection, and destroy the reason. */
    @Test
    void aRejectionIsNotCutOffBehindItsReason() {
        FakeChannel channel = accept(EdgeClient.HOME);
        ServerBytes came = send(channel, upgrade(), open("01 02"), open("07 07"));
        assertThat(came.closeStatus()).isEqualTo(4008);
        FakeChannel second = accept(EdgeClient.HOME);
        assertThat(send(second, upgrade(), open("07 07")).closeStatus()).isEqualTo(4008);
        assertThat(second.isOpen()).as("waits for its peer").isTrue();
        assertThat(second.endedItsOutput()).isTrue();
    }

    @Test
    void theVersionThatWasAgreedOnIsServed() {
        EdgeClient client = harness.connect();
        ServerBytes came = send(
                client.channel,
                upgrade("Sec-WebSocket-Protocol: voltlane.2"),
                open("01 02"),
                ClientFrames.message(
                        Arrays.copyOfRange(EdgeClient.frames(new PubKey(client.keys.publicKey())), 4, 39)));
        assertThat(came.answer()).contains("Sec-WebSocket-Protocol: voltlane.2");
        assertThat(came.messages()).hasSize(2);
    }

    // ---- web proxies

    private static GuardLimits oneClientPerAddress() {
        return GuardLimits.OFF.withConnections(ConnectionLimits.OFF.withPerIp(1));
    }

    @Test
    void theClientThatAProxyNamesIsTheOneThatCounts() {
        trustProxies(oneClientPerAddress());
        ServerBytes first = send(accept(PROXY), upgrade("X-Forwarded-For: 192.0.2.7"), open("01 02"));
        assertThat(first.isUpgraded()).isTrue();
        ServerBytes other = send(accept(PROXY), upgrade("Forwarded: for=192.0.2.8"), open("01 02"));
        assertThat(other.isUpgraded()).isTrue();
        FakeChannel again = accept(PROXY);
        ServerBytes same = send(again, upgrade("X-Forwarded-For: 203.0.113.1, 192.0.2.7"));
        assertThat(same.answer()).startsWith("HTTP/1.1 503 ");
        assertThat(again.isOpen()).isFalse();
        assertThat(harness.count(Metric.REFUSED_MAX_CLIENTS_PER_IP)).isEqualTo(1);
    }

    @Test
    void fromAnAddressThatIsNotTrustedTheFieldsCountForNothing() {
        trustProxies(oneClientPerAddress());
        accept("192.0.2.1");
        FakeChannel second = accept("192.0.2.1");
        assertThat(second.isOpen()).as("refused before it has said anything").isFalse();
        assertThat(second.wasReset()).isTrue();
        ServerBytes liar = send(accept("192.0.2.2"), upgrade("X-Forwarded-For: 192.0.2.1"));
        assertThat(liar.isUpgraded()).isTrue();
    }

    @Test
    void fieldsThatDisagreeAreRefused() {
        trustProxies(GuardLimits.OFF);
        FakeChannel channel = accept(PROXY);
        ServerBytes came = send(channel, upgrade("X-Forwarded-For: 192.0.2.7", "Forwarded: for=192.0.2.8"));
        assertThat(came.answer()).startsWith("HTTP/1.1 400 ");
        assertThat(channel.endedItsOutput()).isTrue();
        assertThat(harness.count(Metric.REJECTED_FORWARDED)).isEqualTo(1);
    }

    @Test
    void aProxyThatSendsNothingHasTheTimeOfAHandshake() {
        trustProxies(GuardLimits.OFF);
        FakeChannel channel = accept(PROXY);
        send(channel, Bytes.utf8("GET / HT"));
        harness.advance(EdgeHarness.HANDSHAKE_TIMEOUT.plusSeconds(1));
        assertThat(channel.isOpen()).isFalse();
        assertThat(harness.count(Metric.REJECTED_TIMEOUT)).isEqualTo(1);
    }

    @Test
    void aProxyThatHangsUpIsCounted() {
        trustProxies(GuardLimits.OFF);
        FakeChannel channel = accept(PROXY);
        send(channel, Bytes.utf8("GET / HT"));
        channel.finished();
        harness.run();
        assertThat(harness.count(Metric.HANDSHAKES_ABANDONED)).isEqualTo(1);
    }

    @Test
    void whatComesBehindTheRequestOfAProxyIsRead() {
        trustProxies(GuardLimits.OFF);
        EdgeClient client = harness.connect(PROXY);
        ServerBytes came = send(
                client.channel,
                upgrade("X-Forwarded-For: 192.0.2.7"),
                open("01 02"),
                ClientFrames.message(
                        Arrays.copyOfRange(EdgeClient.frames(new PubKey(client.keys.publicKey())), 4, 39)));
        assertThat(came.messages()).hasSize(2);
    }
}
