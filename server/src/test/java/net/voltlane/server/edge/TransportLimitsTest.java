package net.voltlane.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.AttributeKey;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.voltlane.protocol.PubKey;
import net.voltlane.server.edge.Listening.Kind;
import net.voltlane.server.guard.CidrSet;
import net.voltlane.server.guard.ConnectionLimits;
import net.voltlane.server.guard.GuardLimits;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.tls.TlsPeer;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.websocket.ClientFrames;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Limits on connections and the PROXY header, on each transport. */
@ParameterizedClass
@EnumSource(Kind.class)
@ExtendWith(LeakCheck.class)
final class TransportLimitsTest {
    private static final String ELSEWHERE = "198.51.100.1";
    /** The name by which a channel knows its codec of TLS, also once it is closed. */
    private static final AttributeKey<Object> TLS = AttributeKey.valueOf("voltlane.tls");

    private static final byte[] HEADER = ProxyHeaders.v2("2111", ProxyHeaders.ADDRESSES_4);

    @TempDir
    static Path folder;

    @Parameter
    Kind kind;

    private EdgeHarness harness;
    private Listening listening;

    private void listen(GuardLimits limits) {
        harness = new EdgeHarness(limits);
        listening = Listening.on(kind, folder, harness);
    }

    private void listen(ConnectionLimits limits) {
        listen(GuardLimits.OFF.withConnections(limits));
    }

    @AfterEach
    void close() {
        harness.close();
        listening.close();
    }

    private static boolean hasBegunTls(FakeChannel channel) {
        return channel.hasAttr(TLS);
    }

    /** A connection that is refused at once costs no engine of TLS, and gets no answer. */
    private static void expectRefusedAtOnce(FakeChannel channel) {
        assertThat(channel.wasReset()).isTrue();
        assertThat(hasBegunTls(channel)).isFalse();
        assertThat(channel.taken()).isEmpty();
    }

    // ---- limits

    @Test
    void anAddressOverItsRateIsRefusedBeforeTlsBegins() {
        listen(ConnectionLimits.OFF.withPerSecPerIp(1));
        harness.open();
        long handshakes = harness.count(Metric.TLS_HANDSHAKES_FULL);
        assertThat(handshakes).isEqualTo(kind.isTls() ? 1 : 0);
        for (int i = 1; i <= 10; i++) {
            FakeChannel refused = harness.accept(EdgeClient.HOME);
            harness.run();
            expectRefusedAtOnce(refused);
            assertThat(harness.count(Metric.REFUSED_CONNECT_RATE_PER_IP)).isEqualTo(i);
        }
        assertThat(harness.budget.heldBytes()).isZero();
        assertThat(harness.count(Metric.TLS_HANDSHAKES_FULL)).isEqualTo(handshakes);
        assertThat(hasBegunTls(harness.connect(ELSEWHERE).open().channel)).isEqualTo(kind.isTls());
        harness.advance(Duration.ofSeconds(1));
        harness.open();
    }

    /** A client over this limit may still return to a session, so it is heard, and refused when it asks for a new one. */
    @Test
    void anAddressWithAllItsClientsOpensNoMore() {
        listen(ConnectionLimits.OFF.withPerIp(1).withHandshakes(8));
        EdgeClient first = harness.open();
        EdgeClient second = harness.connect();
        second.send(EdgeClient.VERSION, new PubKey(second.keys.publicKey()));
        assertThat(second.channel.isOpen()).isFalse();
        assertThat(harness.count(Metric.REFUSED_MAX_CLIENTS_PER_IP)).isOne();
        harness.connect(ELSEWHERE).open();
        assertThat(first.isClosed()).isFalse();
        first.channel.finished();
        harness.run();
        harness.open();
    }

    /** A connection that has not finished its TLS or its HTTP is a handshake under way. */
    @Test
    void handshakesThatAreNotFinishedGiveWay() {
        int most = 4;
        listen(ConnectionLimits.OFF.withHandshakes(most));
        List<FakeChannel> begun = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            FakeChannel channel = harness.accept("192.0.2." + i);
            channel.receives(beginning());
            harness.run();
            begun.add(channel);
            assertThat(begun.stream().filter(FakeChannel::isOpen)).hasSizeBetween(1, most);
        }
        assertThat(harness.count(Metric.REFUSED_PENDING_HANDSHAKES))
                .isEqualTo(begun.stream().filter(channel -> !channel.isOpen()).count());
        assertThat(harness.budget.heldBytes()).isLessThan(most * 2_000L);
        harness.connect(ELSEWHERE).open();
    }

    /** The first bytes of a client of this transport, which are not all of a step. */
    private byte[] beginning() {
        if (kind.isTls()) {
            byte[] hello = tls(harness.wireForm()).says();
            return Arrays.copyOf(hello, hello.length - 1);
        }
        return kind.isWebSocket() ? Arrays.copyOf(ClientFrames.upgrade(), 40) : new byte[] {2, 0};
    }

    private static TlsPeer tls(Object wire) {
        return wire instanceof SecureWebSocketClient both ? both.tls : (TlsPeer) wire;
    }

    // ---- the PROXY header

    /** The header and the first bytes of the client come in one read, as they do behind a proxy that is busy. */
    @Test
    void aHeaderComesInClearBeforeWhateverFollows() {
        listen(GuardLimits.OFF);
        EdgeClient client = EdgeClient.throughProxy(harness);
        if (kind.isTls()) {
            TlsPeer tls = tls(client.records);
            client.channel.receives(Bytes.concat(HEADER, tls.says()));
            harness.run();
            tls.handshake(client.channel, harness::run, Integer.MAX_VALUE / 2);
            client.open();
        } else {
            byte[] handshake = EdgeClient.frames(EdgeClient.VERSION, new PubKey(client.keys.publicKey()));
            byte[] sealed = client.records == null ? handshake : client.records.seals(handshake);
            client.channel.receives(Bytes.concat(HEADER, sealed));
            harness.run();
            client.expect(PubKey.class);
            client.adopt();
        }
        assertThat(client.id).isNotZero();
        assertThat(harness.begun).extracting(InetAddress::getHostAddress).containsExactly("192.0.2.7");
    }

    @Test
    void whoTheHeaderNamesIsRefusedBeforeTlsBegins() {
        listen(GuardLimits.OFF.withDeny(CidrSet.of(List.of("192.0.2.7"))));
        FakeChannel denied = harness.acceptFromProxy();
        denied.receives(Bytes.concat(HEADER, beginning()));
        harness.run();
        expectRefusedAtOnce(denied);
        assertThat(harness.count(Metric.REFUSED_DENIED)).isOne();
        assertThat(harness.loop.timeouts.pendingHandshakes()).isEmpty();
    }

    @Test
    void aConnectionWithoutAHeaderIsRefused() {
        listen(GuardLimits.OFF);
        FakeChannel channel = harness.acceptFromProxy();
        channel.receives(beginning());
        harness.run();
        assertThat(channel.isOpen()).isFalse();
        assertThat(channel.taken()).isEmpty();
        assertThat(harness.count(Metric.REJECTED_PROXY_MISSING)).isOne();
    }
}
