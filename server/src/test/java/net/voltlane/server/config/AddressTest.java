package net.voltlane.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:42000, 127.0.0.1, 42000, 127.0.0.1:42000",
        "test.example.com:6969, test.example.com, 6969, test.example.com:6969",
        "localhost:0, localhost, 0, localhost:0",
        "my_host-1:65535, my_host-1, 65535, my_host-1:65535",
        "[::1]:42000, ::1, 42000, [::1]:42000",
        "::1:42000, ::1, 42000, [::1]:42000",
        "[::]:42000, ::, 42000, [::]:42000",
        ":::42000, ::, 42000, [::]:42000",
        "fe80::1%eth0:42000, fe80::1%eth0, 42000, [fe80::1%eth0]:42000",
        "[::ffff:127.0.0.1]:1, ::ffff:127.0.0.1, 1, [::ffff:127.0.0.1]:1",
        "0.0.0.0:1, 0.0.0.0, 1, 0.0.0.0:1",
        "unix:/run/voltlane.sock, /run/voltlane.sock, 0, unix:/run/voltlane.sock",
    })
    void whatIsReadIsWrittenInOneForm(String text, String host, int port, String written) {
        Address address = Address.parse(text);

        assertThat(address).isEqualTo(new Address(host, port));
        assertThat(address).hasToString(written);
        assertThat(Address.parse(written)).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "127.0.0.1",
                "unix:",
                "unix:/",
                "unix:/run/",
                "unix:run/voltlane.sock",
                "unix:/0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
                        + "012",
                "127.0.0.1:",
                ":42000",
                "[]:42000",
                "[::1]",
                "::1",
                "[localhost]:1",
                "[::1:42000",
                "::1]:42000",
                "a:b:1",
                "1:2:3:42000",
                "tcp://localhost:1",
                "local host:1",
                "127.0.0.1 :1",
                "127.0.0.1: 1",
                "127.0.0.1:65536",
                "127.0.0.1:-1",
                "127.0.0.1:+1",
                "127.0.0.1:1x",
                "127.0.0.1:\u0661",
                "127.0.0.1:4294967296",
                "256.0.0.1:1",
                "1.2.3:1",
                "1.2.3.4.:1",
                "1.2.3.4.5:1",
                "%eth0::1:42000",
                "fe80::1%:42000",
            })
    void whatIsNoAddressIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Address.parse(text));
    }
}
