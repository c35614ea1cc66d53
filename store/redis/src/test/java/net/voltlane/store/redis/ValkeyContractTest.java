package net.voltlane.store.redis;

import java.nio.file.Path;
import net.voltlane.testkit.Tools;
import org.junit.jupiter.api.Assumptions;

/** The contract with Valkey, where it is installed: Debian has it from 13 on, so that it can't be required everywhere. */
class ValkeyContractTest extends RedisContractTest {
    private static final String VALKEY = "valkey-server";

    @Override
    RedisServer server(Path in) {
        Assumptions.assumeTrue(Tools.isInstalled(VALKEY), VALKEY + " is not installed");
        return RedisServer.startAs(VALKEY, in);
    }
}
