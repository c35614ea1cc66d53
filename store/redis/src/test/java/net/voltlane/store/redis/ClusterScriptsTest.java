package net.voltlane.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import net.voltlane.server.store.RecordStore;
import net.voltlane.server.store.StoredRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node of a cluster may know some scripts, from another server, and not the others. */
class ClusterScriptsTest {
    private static final String A = "a".repeat(32);
    private static final String B = "b".repeat(32);
    private static final long LONG_MILLIS = 600_000;

    @TempDir
    Path folder;

    @Test
    void aNodeThatKnowsSomeScriptsKeepsTheOrder() throws Exception {
        try (RedisServer node = RedisServer.startCluster(folder)) {
            node.ask(redis -> redis.scriptLoad(new String(Script.PUT.text(), UTF_8)));
            Heard heard = new Heard();
            try (RecordStore store = new RedisStoreProvider()
                    .open(RedisServer.settings(node.url() + "?cluster=true", A, 20_000), heard)) {
                heard.awaitUp();
                store.put(List.of(record(1, A)));
                CompletionStage<Boolean> claim = store.claim(7, 1, 2, B, LONG_MILLIS);
                store.put(List.of(record(3, A)));
                assertThat(answer(claim))
                        .as("made before the epoch that follows")
                        .isTrue();
                StoredRecord found = answer(store.find(7));
                assertThat(found).isNotNull();
                assertThat(found.epoch()).isEqualTo(3);
            }
        }
    }

    private static StoredRecord record(long epoch, String owner) {
        return new StoredRecord(7, epoch, owner, new byte[] {1, 2, 3}, LONG_MILLIS);
    }

    private static <T> T answer(CompletionStage<T> asked) throws Exception {
        return asked.toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
