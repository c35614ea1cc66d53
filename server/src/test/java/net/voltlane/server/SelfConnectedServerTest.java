package net.voltlane.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import net.voltlane.testkit.OwnNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A server whose dials are connected to themselves, in a network namespace, which needs rights that not every user has.
 * {@code SelfConnectTest} tests the same everywhere on single connections.
 */
@Timeout(60)
final class SelfConnectedServerTest {
    static final int PORT = 42001;

    private static final String ONE_PORT =
            "ip link set lo up && echo " + PORT + " " + PORT + " > /proc/sys/net/ipv4/ip_local_port_range";

    @Test
    void aServerThatIsConnectedToItselfHasNotReachedItsMaster() throws Exception {
        OwnNetwork.Ended probe = OwnNetwork.run("sh", "-c", ONE_PORT);
        assumeTrue(probe.status() == 0, OwnNetwork.needed(probe));
        OwnNetwork.Ended ended = OwnNetwork.run(ONE_PORT, SelfConnectedServer.class);
        assertThat(ended.said())
                .contains("could not be reached for 1 s (nobody listens there, and the connection came back to its own"
                        + " port; net.ipv4.ip_local_reserved_ports")
                .contains("reached 0\n")
                .doesNotContain("self 0\n")
                .doesNotContain("LEAK");
    }
}
