package net.voltlane.server.edge;

import static net.voltlane.server.edge.EdgeClient.VERSION;
import static net.voltlane.server.edge.EdgeClient.frames;
import static net.voltlane.server.edge.ProxyHeaders.ADDRESSES_4;
import static net.voltlane.server.edge.ProxyHeaders.v2;
import static net.voltlane.testkit.Bytes.concat;
import static net.voltlane.testkit.Bytes.hex;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.PubKey;
import net.voltlane.server.guard.CidrSet;
import net.voltlane.server.guard.GuardLimits;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Connections that come through a proxy: from its header to the client's first data. */
@ExtendWith(LeakCheck.class)
final class ProxyHeaderHandlerTest {
    private static final byte[] V1 = utf8("PROXY TCP4 192.0.2.7 198.51.100.1 40000 42000\r\n");
    private static final byte[] V2 = v2("21 11", ADDRESSES_4 + "02 00 04 67616D65");

    private final EdgeHarness harness = new EdgeHarness();

    @AfterEach
    void close() {
        harness.close();
    }

    static Stream<byte[]> headers() {
        return Stream.of(V1, V2);
    }

    @ParameterizedTest
    @MethodSource("headers")
    void theHandshakeBeginsBehindTheHeaderUnderTheClientsAddress(byte[] header) {
        EdgeClient client = EdgeClient.throughProxy(harness);
        client.send(header);
        assertThat(client.rest()).isEmpty();
        client.open();
        assertThat(harness.begun).extracting(InetAddress::getHostAddress).containsExactly("192.0.2.7");
        assertThat(client.channel.pipeline().names())
                .as("nothing of it is left")
                .noneMatch(n -> n.contains("Proxy"));
    }

    /** The reads of a handshake are of 512 bytes, in a buffer that all links share. */
    @ParameterizedTest
    @MethodSource("headers")
    void headerHandshakeAndDataInAnyTwoPieces(byte[] header) {
        for (int cut = 0; ; cut++) {
            EdgeClient client = EdgeClient.throughProxy(harness);
            byte[] all = concat(header, frames(VERSION, new PubKey(client.keys.publicKey())), Frame.of(utf8("data")));
            if (cut > all.length) {
                return;
            }
            client.send(Arrays.copyOf(all, cut));
            EdgeClient other = harness.open(); // reads into the same buffer
            client.send(Arrays.copyOfRange(all, cut, all.length));
            client.expect(PubKey.class);
            client.adopt();
            assertThat(harness.master.dataOf(client.id)).as("cut at %d", cut).containsExactly(utf8("data"));
            assertThat(other.channel.isOpen()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("headers")
    void aHeaderThatEndsAtAnyByteOpensNothing(byte[] header) {
        for (int length = 0; length < header.length; length++) {
            EdgeClient client = EdgeClient.throughProxy(harness);
            client.send(Arrays.copyOf(header, length));
            client.channel.finished();
            harness.run();
            assertThat(client.channel.isOpen()).isFalse();
        }
        assertThat(harness.begun).isEmpty();
        assertThat(harness.count(Metric.HANDSHAKES_ABANDONED)).isEqualTo(header.length);
        assertThat(harness.loop.timeouts.pendingHandshakes()).isEmpty();
    }

    static Stream<byte[]> ofTheProxyItself() {
        return Stream.of(v2("20 00", ""), v2("20 11", ADDRESSES_4), utf8("PROXY UNKNOWN\r\n"));
    }

    @ParameterizedTest
    @MethodSource("ofTheProxyItself")
    void whereTheProxySpeaksForItselfItsOwnAddressCounts(byte[] header) {
        EdgeClient client = EdgeClient.throughProxy(harness);
        client.send(header);
        client.open();
        assertThat(harness.begun).containsExactly(EdgeHarness.PROXY);
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(frames(VERSION), Metric.REJECTED_PROXY_MISSING),
                Arguments.of(utf8("PROXY TCP4 1.2.3.4\r\n"), Metric.REJECTED_PROXY_MALFORMED),
                Arguments.of(utf8("PROXY " + "x".repeat(200)), Metric.REJECTED_PROXY_TOO_LONG),
                Arguments.of(concat(hex(ProxyHeaders.SIGNATURE), hex("21 11 FF FF")), Metric.REJECTED_PROXY_TOO_LONG));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aFaultClosesThatLinkAloneAndIsCounted(byte[] bytes, Metric reason) {
        EdgeClient other = EdgeClient.throughProxy(harness);
        EdgeClient client = EdgeClient.throughProxy(harness);
        client.send(concat(bytes, V1)); // a second chance there is not
        assertThat(client.channel.isOpen()).isFalse();
        assertThat(client.rest()).isEmpty();
        assertThat(harness.count(reason)).isOne();
        assertThat(harness.loop.timeouts.pendingHandshakes())
                .as("whose time is still watched: the other's")
                .hasSize(1);
        assertThat(harness.count(Metric.HANDSHAKES_ABANDONED)).isZero();
        assertThat(harness.begun).isEmpty();
        assertThat(harness.log.lines())
                .containsExactly("WARN Rejected 1 client: " + Causes.of(reason) + " (last: 10.0.0.1)");
        other.send(V1);
        other.open();
    }

    @Test
    void faultsBehindTheHeaderAreToldWithTheClientsAddress() {
        EdgeClient client = EdgeClient.throughProxy(harness);
        client.send(concat(V1, hex("FFFFFFFF")));
        assertThat(client.channel.isOpen()).isFalse();
        assertThat(harness.log.lines()).singleElement().asString().endsWith(" (last: 192.0.2.7)");
    }

    @Test
    void limitsCountTheClientsOwnAddress() {
        CidrSet deny = CidrSet.of(List.of("192.0.2.7"));
        assertThat(deny).isNotNull();
        try (EdgeHarness strict = new EdgeHarness(GuardLimits.OFF.withDeny(deny))) {
            EdgeClient denied = EdgeClient.throughProxy(strict);
            denied.send(concat(V1, frames(VERSION)));
            assertThat(denied.channel.isOpen()).isFalse();
            assertThat(denied.rest()).isEmpty();
            assertThat(strict.count(Metric.REFUSED_DENIED)).isOne();
            assertThat(strict.loop.timeouts.pendingHandshakes())
                    .as("its time is no longer watched")
                    .isEmpty();
            EdgeClient another = EdgeClient.throughProxy(strict);
            another.send(utf8("PROXY TCP4 192.0.2.8 198.51.100.1 40000 42000\r\n"));
            another.open();
        }
    }

    @Test
    void aDrippingHeaderIsClosedWhenTheHandshakesTimeIsOver() {
        EdgeClient client = EdgeClient.throughProxy(harness);
        for (int i = 0; i < 9; i++) {
            client.send(Arrays.copyOfRange(V1, i, i + 1));
            harness.advance(Duration.ofSeconds(1));
        }
        assertThat(client.channel.isOpen()).isTrue();
        harness.advance(Duration.ofSeconds(1));
        assertThat(client.channel.isOpen()).isFalse();
        assertThat(harness.count(Metric.REJECTED_TIMEOUT)).isOne();
    }

    @Test
    void theTimeForTheHeaderIsPartOfTheHandshakes() {
        EdgeClient client = EdgeClient.throughProxy(harness);
        harness.advance(Duration.ofSeconds(9));
        client.send(V2);
        client.send(VERSION);
        client.expect(PubKey.class);
        harness.advance(Duration.ofSeconds(1));
        assertThat(client.isClosed()).isTrue();
        assertThat(harness.count(Metric.REJECTED_TIMEOUT)).isOne();
    }

    @Test
    void aSessionHasNoDeadlineLeft() {
        EdgeClient client = EdgeClient.throughProxy(harness);
        client.send(V2);
        client.open();
        harness.advance(EdgeHarness.HANDSHAKE_TIMEOUT.multipliedBy(2));
        assertThat(client.isClosed()).isFalse();
        assertThat(harness.count(Metric.REJECTED_TIMEOUT)).isZero();
    }

    @Test
    void aStopClosesWhoIsStillBeforeTheHeader() {
        EdgeClient client = EdgeClient.throughProxy(harness);
        client.send(Arrays.copyOf(V1, 5));
        harness.loop.timeouts.shed();
        assertThat(client.channel.isOpen()).as("it holds nothing").isTrue();
        harness.loop.timeouts.stopHandshakes();
        assertThat(client.channel.isOpen()).isFalse();
        assertThat(harness.count(Metric.REJECTED_STOPPING)).isOne();
        assertThat(harness.log.lines()).isEmpty();
    }

    @Test
    void aLinkThatBreaksBeforeTheHeaderIsForgotten() {
        EdgeClient client = EdgeClient.throughProxy(harness);
        client.send(Arrays.copyOf(V1, 5));
        client.channel.broken(new IOException("reset"));
        harness.run();
        assertThat(harness.count(Metric.HANDSHAKES_ABANDONED)).isOne();
        assertThat(harness.loop.timeouts.pendingHandshakes()).isEmpty();
    }

    @Test
    void aMistakeOfOurOwnIsToldAsAnError() {
        EdgeClient client = EdgeClient.throughProxy(harness);
        client.send(Arrays.copyOf(V1, 5));
        client.channel.pipeline().fireExceptionCaught(new IllegalStateException("ours"));
        assertThat(client.channel.isOpen()).isFalse();
        assertThat(harness.log.lines())
                .containsExactly(
                        "ERROR Internal error, please report it: closed a link of proxy 10.0.0.1 before its PROXY header");
    }

    @Test
    void aLinkThatBreaksBeforeTheHeaderIsNoMistakeOfOurs() {
        EdgeClient client = EdgeClient.throughProxy(harness);
        client.channel.pipeline().fireExceptionCaught(new IOException("reset"));
        assertThat(client.channel.isOpen()).isFalse();
        assertThat(harness.log.lines()).isEmpty();
    }
}
