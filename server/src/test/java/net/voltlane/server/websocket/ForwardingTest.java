package net.voltlane.server.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.voltlane.server.address.AddressText;
import net.voltlane.server.link.Layer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The proxies are all of 10.0.0.0/8; the connection comes from 10.0.0.1. */
final class ForwardingTest {
    private static final Layer.Naming PROXIES = new Layer.Naming() {
        @Override
        public InetAddress proxy() {
            return address("10.0.0.1");
        }

        @Override
        public boolean trusts(InetAddress address) {
            return address.getAddress()[0] == 10;
        }

        @Override
        public boolean named(InetAddress client) {
            throw new AssertionError("is not begun here");
        }
    };

    private static InetAddress address(String text) {
        byte[] bytes = text.contains(":") ? AddressText.v6(text) : AddressText.v4(text);
        try {
            return InetAddress.getByAddress(Objects.requireNonNull(bytes));
        } catch (java.net.UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static @Nullable InetAddress client(String... fields) {
        List<String> lines = new ArrayList<>(List.of("GET / HTTP/1.1", "Host: x"));
        lines.addAll(List.of(fields));
        RequestHead head = RequestHead.parse(String.join("\r\n", lines));
        return Forwarding.client(Objects.requireNonNull(head), PROXIES);
    }

    @Test
    void aProxyThatNamesNobodySpeaksForItself() {
        assertThat(client()).isEqualTo(address("10.0.0.1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "192.0.2.7 | 192.0.2.7",
                "192.0.2.7:4711 | 192.0.2.7",
                "[2001:db8::7]:4711 | 2001:db8::7",
                "[2001:db8::7] | 2001:db8::7",
                "2001:db8::7 | 2001:db8::7",
                "203.0.113.9, 192.0.2.7 | 192.0.2.7", // the left one is the client's own word
                "192.0.2.7, 10.3.3.3, 10.2.2.2 | 192.0.2.7",
                "10.9.9.9, 10.2.2.2 | 10.9.9.9", // the client is in the proxies' network
                "192.0.2.7, unknown | 10.0.0.1",
                "192.0.2.7, unknown, 10.2.2.2 | 10.2.2.2",
                "192.0.2.7, 192.0.2.256 | 10.0.0.1",
                "192.0.2.7, 192.0.2.8 evil | 10.0.0.1",
                "192.0.2.7, [2001:db8::7]x | 10.0.0.1",
                "192.0.2.7, 192.0.2.8:99999999 | 10.0.0.1",
                "::ffff:192.0.2.7 | 192.0.2.7"
            })
    void theNearestAddressOfNoProxyIsTheClient(String field, String expected) {
        assertThat(client("X-Forwarded-For: " + field)).isEqualTo(address(expected));
    }

    @Test
    void severalLinesAreOneList() {
        assertThat(client("X-Forwarded-For: 203.0.113.9", "x-forwarded-for: 192.0.2.7, 10.1.1.1"))
                .isEqualTo(address("192.0.2.7"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "for=192.0.2.7 | 192.0.2.7",
                "For=\"[2001:db8::7]:4711\";proto=https;by=10.0.0.1 | 2001:db8::7",
                "proto=https; for=\"192.0.2.7:4711\" | 192.0.2.7",
                "for=203.0.113.9, for=192.0.2.7;host=\"a,b\" | 192.0.2.7",
                "for=192.0.2.7, for=10.2.2.2 | 192.0.2.7",
                "for=192.0.2.7, for=_hidden | 10.0.0.1",
                "for=192.0.2.7, proto=https | 10.0.0.1"
            })
    void forwardedSaysTheSame(String field, String expected) {
        assertThat(client("Forwarded: " + field)).isEqualTo(address(expected));
    }

    /** An open quote of the client's would swallow what the proxy appends. */
    @ParameterizedTest
    @ValueSource(strings = {"for=\"x, for=192.0.2.7", "for=\"x, for=\"[2001:db8::7]\"", "for=\"x\\\", for=192.0.2.7"})
    void quotesThatDoNotMatchAreRefused(String field) {
        assertThat(client("Forwarded: " + field)).isNull();
    }

    /** A proxy that sets one field may pass on the other as the client wrote it. */
    @Test
    void fieldsThatNameDifferentClientsAreRefused() {
        assertThat(client("Forwarded: for=203.0.113.9", "X-Forwarded-For: 192.0.2.7"))
                .isNull();
        assertThat(client("Forwarded: for=192.0.2.7", "X-Forwarded-For: 192.0.2.7"))
                .isEqualTo(address("192.0.2.7"));
    }
}
