package net.voltlane.store.redis;

import java.nio.file.Path;

/** The contract with a cluster, which is a single node here: keys, scripts and messages go other ways than with one Redis. */
class ClusterContractTest extends RedisContractTest {

    @Override
    RedisServer server(Path in) {
        return RedisServer.startCluster(in);
    }

    @Override
    String url(RedisServer server) {
        return server.url() + "?cluster=true";
    }
}
