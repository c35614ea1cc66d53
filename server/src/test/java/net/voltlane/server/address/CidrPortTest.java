package net.voltlane.server.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Addresses with their ports, as the master is told them. */
final class CidrPortTest {
    @Test
    void anAddressStandsBeforeItsPort() {
        assertThat(Objects.requireNonNull(Cidr.parse("192.0.2.1")).withPort(4711))
                .isEqualTo("192.0.2.1:4711");
        assertThat(Objects.requireNonNull(Cidr.parse("2001:db8::1")).withPort(0))
                .isEqualTo("[2001:db8::1]:0");
    }

    @Test
    void aSocketsAddressIsGivenAsItStands() throws Exception {
        InetAddress address = InetAddress.getByAddress(new byte[] {10, 0, 0, 1});
        assertThat(Cidr.addressAndPort(new InetSocketAddress(address, 42000))).isEqualTo("10.0.0.1:42000");
        assertThat(Cidr.addressAndPort(new EmbeddedChannel().localAddress())).isEmpty();
        assertThat(Cidr.addressAndPort(null)).isEmpty();
    }
}
