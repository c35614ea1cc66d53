package net.voltlane.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

final class AddressPairTest {

    private static InetSocketAddress at(String host, int port) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(host), port);
    }

    @Test
    void bothEndsTheSameIsASocketThatIsConnectedToItself() throws Exception {
        assertThat(AddressPair.of(at("127.0.0.1", 5), at("127.0.0.1", 5)).isSelf())
                .isTrue();
        assertThat(AddressPair.of(at("::1", 5), at("::1", 5)).isSelf()).isTrue();
        assertThat(AddressPair.of(at("127.0.0.1", 5), at("127.0.0.1", 6)).isSelf())
                .isFalse();
        assertThat(AddressPair.of(at("127.0.0.2", 5), at("127.0.0.1", 5)).isSelf())
                .isFalse();
    }

    @Test
    void anIpv4AddressIsTheSameInBothForms() throws Exception {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 127, 0, 0, 1};
        AddressPair pair = AddressPair.of(at("127.0.0.1", 5), at("127.0.0.1", 6));
        assertThat(new AddressPair(mapped, 5, mapped, 6)).isEqualTo(pair).hasSameHashCodeAs(pair);
        assertThat(AddressPair.of(at("127.0.0.1", 6), at("127.0.0.1", 5))).isNotEqualTo(pair);
    }
}
