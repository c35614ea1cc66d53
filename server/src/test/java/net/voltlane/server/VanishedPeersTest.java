package net.voltlane.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import net.voltlane.testkit.OwnNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Peers that really vanish, see {@link VanishedPeers}. The test needs a network namespace, and rights that not every
 * user has. {@code VanishedClientTest} and {@code VanishedMasterTest} test everywhere how the server treats such peers.
 */
@Timeout(150)
final class VanishedPeersTest {
    @Test
    void peersThatVanishAreNoticedAndTheirSessionsKept() throws Exception {
        OwnNetwork.Ended probe = OwnNetwork.probe();
        assumeTrue(probe.status() == 0, OwnNetwork.needed(probe));
        OwnNetwork.Ended all = OwnNetwork.run("true", VanishedPeers.class);
        assertThat(all.status()).as(all.said()).isZero();
        assertThat(all.said()).endsWith("all held\n").doesNotContain("LEAK");
    }
}
