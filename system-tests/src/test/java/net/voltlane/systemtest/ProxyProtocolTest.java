package net.voltlane.systemtest;

import static net.voltlane.testkit.Bytes.concat;
import static net.voltlane.testkit.Bytes.hex;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import net.voltlane.protocol.PubKey;
import net.voltlane.testkit.ScriptedClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code listener.proxy_protocol}: clients that come through a proxy, and those who only say so. */
class ProxyProtocolTest {
    private static final byte[] V1 = utf8("PROXY TCP4 203.0.113.9 198.51.100.1 40000 42000\r\n");
    /** From the same client, with a field behind the addresses. */
    private static final byte[] V2 =
            hex("0D0A0D0A000D0A515549540A 21 11 0013 CB007109 C6336401 9C40 A410 02000467616D65");
    /** The proxy's look at whether there is anybody. */
    private static final byte[] LOCAL = hex("0D0A0D0A000D0A515549540A 20 00 0000");

    private static final byte[] VERSION = hex("02000000 0102");

    private static World start(String transport, String... trusted) {
        return World.setup()
                .with("listener.transport", transport)
                .with("listener.proxy_protocol", "on")
                .with("listener.handshake_timeout_secs", 2)
                .with("limits.trusted_proxies", List.of(trusted))
                .start();
    }

    private static ScriptedClient open(World world, byte[] header) {
        ScriptedClient client = world.connect();
        client.write(header);
        client.openSession();
        return client;
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void sessionsThroughAProxy(String transport) {
        try (World world = start(transport, "10.0.0.0/8", "127.0.0.0/8")) {
            for (byte[] header : List.of(V1, V2, LOCAL)) {
                ScriptedClient client = open(world, header);
                world.roundTrip(client);
                ScriptedClient dripping = world.connect();
                dripping.drip(header);
                dripping.resume(client.identity());
                world.roundTripAfterReconnection(dripping);

                ScriptedClient hasty = world.connect();
                hasty.write(concat(header, VERSION));
                hasty.expect(PubKey.class);
            }
        }
    }

    @Test
    void aWrongHeaderOrNoneClosesThatLinkAlone() {
        try (World world = start("auto", "127.0.0.1")) {
            ScriptedClient honest = open(world, V1);
            for (byte[] wrong : List.of(VERSION, utf8("GET / HTTP/1.1\r\n"), utf8("PROXY TCP4 1.2.3.4\r\n"))) {
                ScriptedClient client = world.connect();
                client.write(wrong);
                assertThat(client.readUntilClosed().rest()).isEmpty();
            }
            world.server()
                    .awaitErrorLine(
                            line -> line.contains("no PROXY header from the proxy (last: 127.0.0.1)"),
                            World.LINE_LIMIT);
            world.roundTrip(honest);
        }
    }

    @Test
    void faultsBehindTheHeaderAreToldWithTheClientsOwnAddress() {
        try (World world = start("auto", "127.0.0.1")) {
            ScriptedClient client = world.connect();
            client.write(V2, hex("FFFFFFFF"));
            assertThat(client.readUntilClosed().rest()).isEmpty();
            world.server().awaitErrorLine(line -> line.endsWith("(last: 203.0.113.9)"), World.LINE_LIMIT);
        }
    }

    @Test
    void limitsCountTheClientsOwnAddress() {
        try (World world = World.setup()
                .with("listener.proxy_protocol", "on")
                .with("limits.trusted_proxies", List.of("127.0.0.1"))
                .with("limits.max_clients_per_ip", 1)
                .start()) {
            ScriptedClient one = open(world, V1);
            ScriptedClient other = open(world, utf8("PROXY TCP4 203.0.113.10 198.51.100.1 40000 42000\r\n"));
            ScriptedClient refused = world.connect();
            refused.write(V2);
            assertThat(refused.readUntilClosed().rest()).isEmpty();
            world.roundTrip(one);
            world.roundTrip(other);
        }
    }

    @Test
    void aHeaderThatDoesNotEndIsClosedWithTheHandshakesTime() {
        try (World world = start("auto", "127.0.0.1")) {
            ScriptedClient client = world.connect();
            client.write(utf8("PROXY TCP4 203.0."));
            client.expectSilence(Duration.ofMillis(500));
            assertThat(client.readUntilClosed(Duration.ofSeconds(10)).rest()).isEmpty();
            world.roundTrip(open(world, V1));
        }
    }

    @Test
    void whoIsNoTrustedProxyIsRefusedWhateverItSays() {
        try (World world = start("auto", "10.0.0.0/8")) {
            for (byte[] header : List.of(V1, VERSION)) {
                ScriptedClient client = world.connect();
                try {
                    client.write(header);
                } catch (AssertionError e) {
                    // closed already
                }
                assertThat(client.readUntilClosed().rest()).isEmpty();
            }
            world.server()
                    .awaitErrorLine(
                            line -> line.contains("not one of limits.trusted_proxies (last: 127.0.0.1)"),
                            World.LINE_LIMIT);
        }
    }
}
