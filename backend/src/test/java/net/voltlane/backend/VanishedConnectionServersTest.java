package net.voltlane.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import net.voltlane.testkit.OwnNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Tests with connection servers that really vanish, see {@link VanishedConnectionServers}. They need a network
 * namespace, which not every machine gives to every user. The decisions based on the kernel's answers are tested
 * everywhere, in the module {@code tcp} and in {@link LostFirehoseTest}.
 */
@Timeout(150)
final class VanishedConnectionServersTest {
    @Test
    void serversThatVanishAreNoticedAndOnesThatDoNotReadAreKept() throws Exception {
        OwnNetwork.Ended probe = OwnNetwork.probe();
        assumeTrue(probe.status() == 0, OwnNetwork.needed(probe));
        OwnNetwork.Ended all = OwnNetwork.run("true", VanishedConnectionServers.class);
        assertThat(all.status()).as(all.said()).isZero();
        assertThat(all.said()).endsWith("all held\n");
    }
}
