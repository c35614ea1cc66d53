package net.voltlane.store.redis;

import static org.awaitility.Awaitility.await;

import io.lettuce.core.cluster.SlotHash;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** The contract with a cluster, which is a single node here: keys, scripts and messages go other ways than with one Redis. */
class ClusterContractTest extends RedisContractTest {

    @Override
    RedisServer server(Path in) {
        RedisServer node = RedisServer.start(in, "--cluster-enabled", "yes");
        node.ask(redis ->
                redis.clusterAddSlots(IntStream.range(0, SlotHash.SLOT_COUNT).toArray()));
        await().atMost(RedisServer.LIMIT)
                .until(() -> node.ask(redis -> redis.clusterInfo().contains("cluster_state:ok")));
        return node;
    }

    @Override
    String url(RedisServer server) {
        return server.url() + "?cluster=true";
    }
}
