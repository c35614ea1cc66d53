package net.voltlane.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import net.voltlane.testkit.OwnNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Peers that really vanish, see {@link VanishedPeers}. That takes a network of the test's own, which not every machine
 * gives to every user; what the server does about such peers is tested everywhere, by {@code VanishedClientTest} and
 * {@code VanishedMasterTest}.
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
