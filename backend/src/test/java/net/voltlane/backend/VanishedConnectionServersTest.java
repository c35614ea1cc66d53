package net.voltlane.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import net.voltlane.testkit.OwnNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Connection servers that really vanish, see {@link VanishedConnectionServers}. That takes a network of the test's own,
 * which not every machine gives to every user; what is decided by what the kernel says is tested everywhere, by the
 * module {@code tcp} and by {@link LostFirehoseTest}.
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
