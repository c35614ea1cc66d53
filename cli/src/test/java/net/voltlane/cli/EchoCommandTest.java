package net.voltlane.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class EchoCommandTest {

    @Test
    void theLogNamesAServerByItsAddressOrSaysThatItIsOnAUnixSocket() {
        assertThat(EchoCommand.peer(new InetSocketAddress("127.0.0.1", 40_000))).hasToString("127.0.0.1:40000");
        assertThat(EchoCommand.peer(new InetSocketAddress("::1", 40_000))).hasToString("[0:0:0:0:0:0:0:1]:40000");
        assertThat(EchoCommand.peer(new InetSocketAddress("127.0.0.1", 0))).hasToString("on a Unix socket");
    }
}
