package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;

/** A program that dials IPv6 addresses in a JVM without IPv6; started by {@link ResolveTest}. */
final class WithoutIpv6 {

    private WithoutIpv6() {}

    public static void main(String[] args) throws Exception {
        InetAddress six = InetAddress.getByName("::1");
        InetAddress four = InetAddress.getByName("127.0.0.1");
        try (ScriptedServer server = ScriptedServer.of(peer -> {
                    peer.open(1);
                    peer.stall();
                });
                VoltlaneClient client = VoltlaneClient.builder("both.example", server.port())
                        .protocol(Protocol.V2)
                        .resolver(host -> List.of(six, four))
                        .connect()) {
            assertThat(client.isConnected()).isTrue();
        }
        assertThatThrownBy(() -> VoltlaneClient.builder("::1", 42000).connect())
                .isInstanceOf(UnreachableException.class);
        System.out.println("all held");
    }
}
