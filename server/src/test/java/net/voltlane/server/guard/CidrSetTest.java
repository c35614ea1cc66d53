package net.voltlane.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.voltlane.server.address.Cidr;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CidrSetTest {

    private static CidrSet set(String... entries) {
        CidrSet set = CidrSet.of(List.of(entries));
        assertThat(set).as("set of %s", Arrays.toString(entries)).isNotNull();
        return set;
    }

    private static boolean contains(CidrSet set, String address) {
        return set.contains(InetAddresses.of(address));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8,        10.255.255.255, true",
        "10.0.0.0/8,        11.0.0.0,       false",
        "10.0.0.0/8,        9.255.255.255,  false",
        "0.0.0.0/0,         255.255.255.255,true",
        "0.0.0.0/0,         ::1,            false",
        "::/0,              127.0.0.1,      false",
        "::/0,              ffff::,         true",
        "192.0.2.7,         192.0.2.7,      true",
        "192.0.2.7,         192.0.2.6,      false",
        "192.0.2.7/31,      192.0.2.6,      true",
        "200.0.0.0/5,       207.255.255.255,true",
        "200.0.0.0/5,       208.0.0.0,      false",
        "2001:db8::/32,     2001:db8:ffff::,true",
        "2001:db8::/32,     2001:db9::,     false",
        "2001:db8::/65,     2001:db8:0:0:7fff::, true",
        "2001:db8::/65,     2001:db8:0:0:8000::, false",
        "2001:db8::1,       2001:db8::1,    true",
        "2001:db8::1,       2001:db8::2,    false",
        "fe80::/10,         febf::1,        true",
    })
    void anAddressLiesInANetworkOfItsFamily(String network, String address, boolean expected) {
        assertThat(contains(set(network), address)).isEqualTo(expected);
    }

    @Test
    void anIpv4AddressInsideOfAnIpv6OneIsTheIpv4Address() {
        assertThat(contains(set("::ffff:10.0.0.0/104"), "10.1.2.3")).isTrue();
        assertThat(contains(set("::ffff:0a00:0/104"), "10.1.2.3")).isTrue();
        assertThat(contains(set("10.0.0.0/8"), "::ffff:10.1.2.3")).isTrue();
        assertThat(set("::ffff:192.0.2.7").entries()).containsExactly("192.0.2.7");
        assertThat(set("::ffff:0:0/96").entries()).containsExactly("0.0.0.0/0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "10",
                "10.1",
                "10.0.0",
                "10.0.0.0.0",
                "10.0.0.256",
                "10.0.0.-1",
                "10.0.0.01",
                "10.0.0.",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/08",
                "10.0.0.0/8/8",
                "localhost",
                "١.0.0.0",
                ":",
                ":::",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7::8",
                "::1::2",
                "12345::",
                "g::",
                "1:2:3:4:5:6:7:1.2.3.4",
                "1.2.3.4::",
                "::1.2.3",
                "fe80::1%eth0",
                "[::1]",
                "::/129"
            })
    void whatIsNoNetworkIsNotTaken(String text) {
        assertThat(CidrSet.isEntry(text)).isFalse();
        assertThat(CidrSet.of(List.of("10.0.0.0/8", text))).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3/8, 10.0.0.0/8",
        "0.0.0.0/0, 0.0.0.0/0",
        "192.0.2.7/32, 192.0.2.7",
        "2001:DB8:0:0:0:0:0:1, 2001:db8::1",
        "1:0:0:2:0:0:0:3, 1:0:0:2::3",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "1:0:3:4:5:6:7:8, 1:0:3:4:5:6:7:8",
        "::, ::",
        "::/0, ::/0",
        "1::, 1::",
        "::1.2.3.4, ::102:304",
        "2001:db8:ffff::/33, 2001:db8:8000::/33",
    })
    void entriesAreShownInTheirShortestForm(String written, String shown) {
        assertThat(set(written).entries()).containsExactly(shown);
        assertThat(set(shown)).isEqualTo(set(written)).hasSameHashCodeAs(set(written));
    }

    @Test
    void aNetworkInsideOfAnotherAddsNothing() {
        CidrSet set = set("10.1.0.0/16", "10.0.0.0/8", "10.1.2.3", "11.0.0.0/8", "::1", "10.0.0.0/8");
        assertThat(set.entries()).containsExactly("::1", "10.0.0.0/8", "11.0.0.0/8");
        assertThat(set.toString()).isEqualTo("[::1, 10.0.0.0/8, 11.0.0.0/8]");
    }

    @Test
    void theEmptySetHoldsNothing() {
        assertThat(CidrSet.of(List.of())).isEqualTo(CidrSet.EMPTY);
        assertThat(CidrSet.EMPTY.isEmpty()).isTrue();
        assertThat(contains(CidrSet.EMPTY, "127.0.0.1")).isFalse();
        assertThat(set("::1").isEmpty()).isFalse();
    }

    @Test
    void manyNetworksAnswerAsEachAloneWould() {
        Seeds.run(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            List<Cidr> networks = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                networks.add(random(random).network(random.nextInt(random.nextInt(1, 128))));
            }
            CidrSet all = CidrSet.of(networks.stream().map(Cidr::toString).toList());
            assertThat(all).isNotNull();
            for (int i = 0; i < 500; i++) {
                Cidr address = random(random);
                assertThat(all.contains(address))
                        .as("%s in %s", address, all)
                        .isEqualTo(networks.stream().anyMatch(network -> network.contains(address)));
            }
        });
    }

    /** Few different bits, so that networks meet. */
    private static Cidr random(SplittableRandom random) {
        byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) random.nextInt(i == 0 ? 2 : 4);
        }
        try {
            return Cidr.of(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
