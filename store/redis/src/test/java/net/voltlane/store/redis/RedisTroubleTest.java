package net.voltlane.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.KillArgs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import net.voltlane.server.store.Claimed;
import net.voltlane.server.store.Fleet;
import net.voltlane.server.store.Held;
import net.voltlane.server.store.RecordStore;
import net.voltlane.server.store.StoreException;
import net.voltlane.server.store.StoredRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Tests of a store whose Redis is away, silent, full, another one, or does not let it in. Each has a Redis of its own, and
 * waits more than it computes.
 */
@Execution(ExecutionMode.CONCURRENT)
class RedisTroubleTest {
    private static final String A = "a".repeat(32);
    private static final String B = "b".repeat(32);
    private static final long LONG_MILLIS = 600_000;
    /** The time for an answer: enough for several tests at once on a slow machine. */
    private static final long TIMEOUT_MILLIS = 2_000;

    @TempDir
    Path folder;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Heard heard = new Heard();

    @AfterEach
    void closeAll() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    @Test
    void aRedisThatIsAwayAtTheStartIsWaitedFor() throws Exception {
        RedisServer redis = keep(RedisServer.of(folder));
        RecordStore store = open(redis.url(), heard);
        assertThat(heard.awaitDown())
                .startsWith("Redis at redis://127.0.0.1:" + redis.port() + " does not accept connections");
        assertThat(store.isUp()).isFalse();
        assertFails(store.find(1), "does not accept connections");
        redis.start();
        heard.awaitUp();
        assertThat(store.isUp()).isTrue();
        answer(store.put(List.of(record(1))));
        assertThat(heard.events).isEmpty();
    }

    @Test
    void aRedisThatIsRestartedEmptyIsDownOnceAndUpOnce() throws Exception {
        RedisServer redis = keep(RedisServer.start(folder));
        RecordStore store = open(redis.url(), heard);
        heard.awaitUp();
        answer(store.put(List.of(record(1))));
        redis.kill();
        assertThat(heard.awaitDown()).contains("was lost");
        assertFails(store.find(1), "Redis at ");
        redis.start();
        heard.awaitUp();
        assertThat(answer(store.find(1))).isNull();
        answer(store.put(List.of(record(1)))); // the scripts are there again, too
        assertThat(answer(store.claim(1, 1, 2, B, LONG_MILLIS))).isTrue();
        assertThat(heard.next()).isEqualTo("claimed " + new Claimed(1, 2, B)); // and so is the subscription
        await().pollDelay(Duration.ofMillis(2_500)).atMost(RedisServer.LIMIT).until(() -> true); // some probes later
        assertThat(heard.events).isEmpty();
    }

    @Test
    void aConnectionThatIsCutIsMadeAgain() throws Exception {
        RedisServer redis = keep(RedisServer.start(folder));
        RecordStore store = open(redis.url(), heard);
        heard.awaitUp();
        answer(store.put(List.of(record(1))));
        redis.ask(commands -> commands.clientKill(KillArgs.Builder.typePubsub()));
        assertThat(heard.awaitDown()).contains("was lost");
        heard.awaitUp();
        assertThat(answer(store.find(1))).isNotNull();
    }

    @Test
    void aRedisThatIsSilentIsDownUntilItAnswers() throws Exception {
        RedisServer redis = keep(RedisServer.start(folder));
        RecordStore store = open(redis.url(), heard);
        heard.awaitUp();
        redis.pause();
        assertFails(store.put(List.of(record(1))), "does not answer within " + TIMEOUT_MILLIS + " ms");
        assertThat(heard.awaitDown()).contains("does not answer within " + TIMEOUT_MILLIS + " ms");
        assertFails(store.find(1), "does not answer");
        redis.goOn();
        heard.awaitUp();
        assertThat(answer(store.find(1))).isNotNull(); // what was asked was done after all
        assertThat(heard.events).isEmpty();
    }

    @Test
    void aRedisThatIsSilentForLongIsDialledAnew() throws Exception {
        RedisServer redis = keep(RedisServer.start(folder));
        open(redis.url(), heard);
        heard.awaitUp();
        long before = redis.ask(commands -> connections(commands.info("stats")));
        redis.pause();
        heard.awaitDown();
        await().pollDelay(Duration.ofSeconds(12)).atMost(RedisServer.LIMIT).until(() -> true);
        redis.goOn();
        heard.awaitUp();
        long after = redis.ask(commands -> connections(commands.info("stats")));
        assertThat(after).isGreaterThan(before + 2);
        assertThat(heard.events).isEmpty();
    }

    @Test
    void writesThatArePausedAreSilence() throws Exception {
        RedisServer redis = keep(RedisServer.start(folder));
        RecordStore store = open(redis.url(), heard);
        heard.awaitUp();
        redis.ask(commands -> commands.clientPause(4_000));
        assertFails(store.put(List.of(record(1))), "does not answer within " + TIMEOUT_MILLIS + " ms");
        assertThat(heard.awaitDown()).contains("does not answer");
        heard.awaitUp();
        answer(store.put(List.of(record(1))));
        assertThat(heard.events).isEmpty();
    }

    @Test
    void aFullRedisIsDownUntilItHasRoom() throws Exception {
        RedisServer redis = keep(RedisServer.start(folder, "--maxmemory-policy", "noeviction"));
        RecordStore store = open(redis.url(), heard);
        heard.awaitUp();
        answer(store.put(List.of(record(1))));
        redis.ask(commands -> commands.configSet("maxmemory", "1"));
        assertThat(heard.awaitDown())
                .contains("is full: it has reached its maxmemory")
                .contains("OOM");
        assertFails(store.put(List.of(record(2))), "is full");
        redis.ask(commands -> commands.configSet("maxmemory", "0"));
        heard.awaitUp();
        answer(store.put(List.of(record(2))));
        assertThat(heard.events).isEmpty();
    }

    @Test
    void aReplicaThatIsPromotedTakesOver() throws Exception {
        RedisServer master = master();
        RedisServer replica = replicaOf(master);
        RecordStore first = open(master.url(), new Heard());
        await().atMost(RedisServer.LIMIT).until(first::isUp);
        answer(first.put(List.of(record(1))));
        await().atMost(RedisServer.LIMIT).until(() -> replica.ask(commands -> commands.exists("voltlane:s:1") == 1));
        RecordStore store = open(replica.url(), heard);
        assertThat(heard.awaitDown())
                .contains("is a replica and takes no writes")
                .contains("READONLY");
        replica.ask(commands -> commands.replicaofNoOne());
        heard.awaitUp();
        assertThat(answer(store.claim(1, 1, 2, B, LONG_MILLIS))).isTrue();
        assertThat(heard.next()).isEqualTo("claimed " + new Claimed(1, 2, B));
        replica.ask(commands -> commands.replicaof("127.0.0.1", master.port()));
        assertThat(heard.awaitDown()).contains("Redis at "); // a former master that has become a replica
        replica.ask(commands -> commands.replicaofNoOne());
        heard.awaitUp();
    }

    @Test
    void theMasterThatSentinelsChooseIsFollowed() throws Exception {
        RedisServer master = master();
        RedisServer replica = replicaOf(master); // before the sentinel, which looks for replicas every 10 seconds
        RedisServer sentinel = keep(RedisServer.startSentinel(folder, master));
        RecordStore store = open("redis-sentinel://127.0.0.1:" + sentinel.port() + "#mymaster", heard);
        heard.awaitUp();
        answer(store.put(List.of(record(1))));
        long written = master.ask(commands -> commands.exists("voltlane:s:1"));
        assertThat(written).isEqualTo(1);
        await().atMost(RedisServer.LIMIT).until(() -> replica.ask(commands -> commands.exists("voltlane:s:1") == 1));
        await().atMost(RedisServer.LIMIT).ignoreExceptions().until(() -> {
            sentinel.command("SENTINEL", "FAILOVER", "mymaster"); // refused until the sentinel has found the replica
            return true;
        });
        assertThat(heard.awaitDown()).contains("Redis at redis-sentinel://");
        await().atMost(RedisServer.LIMIT)
                .until(() ->
                        store.isUp() && answer(store.put(List.of(record(2)))).isEmpty());
        await().atMost(RedisServer.LIMIT).until(() -> replica.ask(commands -> commands.exists("voltlane:s:2") == 1));
    }

    @Test
    void aWrongPasswordIsSaidAndNeverShown() throws Exception {
        RedisServer redis = keep(RedisServer.start(folder, "--requirepass", "right-one"));
        String url = "redis://:wrong-one@127.0.0.1:" + redis.port();
        RecordStore store = open(url, heard);
        assertThat(heard.awaitDown())
                .contains("refuses the user or the password of store.url")
                .contains("WRONGPASS")
                .doesNotContain("wrong-one");
        assertThat(store.toString() + store.facts() + store.fleet()).doesNotContain("wrong-one");
        assertThatThrownBy(() -> answer(store.find(1)))
                .cause()
                .hasMessageNotContaining("wrong-one")
                .hasNoCause();
        Heard other = new Heard();
        open(redis.url(), other);
        assertThat(other.awaitDown())
                .contains("wants a password, and store.url has none")
                .contains("NOAUTH");
        Heard right = new Heard();
        open("redis://:right-one@127.0.0.1:" + redis.port(), right);
        right.awaitUp();
    }

    @Test
    void aUserWithoutPermissionIsToldOfIt() throws Exception {
        RedisServer redis =
                keep(RedisServer.start(folder, "--user", "limited", "on", ">secret", "~other:*", "&*", "+@all"));
        open("redis://limited:secret@127.0.0.1:" + redis.port(), heard);
        assertThat(heard.awaitDown())
                .contains("does not permit the user of store.url")
                .contains("NOPERM");
    }

    @Test
    void scriptsThatRedisHasLostAreSentAgain() throws Exception {
        RedisServer redis = keep(RedisServer.start(folder));
        RecordStore store = open(redis.url(), heard);
        heard.awaitUp();
        redis.ask(commands -> commands.scriptFlush());
        List<StoredRecord> many = new ArrayList<>();
        for (long id = 1; id <= 500; id++) {
            many.add(record(id));
        }
        many.add(record(250));
        assertThat(answer(store.put(many))).isEmpty();
        redis.ask(commands -> commands.scriptFlush());
        assertThat(answer(store.keep(B, List.of(new Held(7, 1, LONG_MILLIS))))).containsExactly(new Claimed(7, 1, A));
        assertThat(heard.events).isEmpty();
    }

    @Test
    void foreignDataUnderTheKeyFailsThatQuestionOnly() throws Exception {
        RedisServer redis = keep(RedisServer.start(folder));
        RecordStore store = open(redis.url(), heard);
        heard.awaitUp();
        redis.ask(commands -> commands.lpush("voltlane:s:1", "a list"));
        redis.ask(commands -> commands.set("voltlane:s:2", "no record"));
        assertFails(store.find(1), "WRONGTYPE");
        assertFails(store.find(2), "no store has written");
        assertFails(store.put(List.of(record(1), record(3))), "WRONGTYPE");
        assertThat(answer(store.find(3))).isNotNull();
        assertThat(store.isUp()).isTrue();
        assertThat(heard.events).isEmpty();
    }

    @Test
    void foreignDataAmongTheBansKeepsNoBanBack() throws Exception {
        RedisServer redis = keep(RedisServer.start(folder));
        RecordStore store = open(redis.url(), heard);
        heard.awaitUp();
        for (String foreign : List.of("", "no ban", "-000000000000001+x", "1e300           +x")) {
            redis.ask(commands -> commands.hset("voltlane:bans", "192.0.2.1", foreign));
            redis.ask(commands -> commands.hset("voltlane:bans", "192.0.2.2", foreign));
            assertThat(answer(store.fleet().restoreBan("192.0.2.1", new byte[] {1}, 0)))
                    .as(foreign)
                    .isTrue();
            assertThat(answer(store.fleet().bans()))
                    .as(foreign)
                    .extracting(Fleet.SharedBan::place)
                    .containsExactly("192.0.2.1");
        }
        String good = redis.ask(commands -> commands.hget("voltlane:bans", "192.0.2.1"));
        redis.ask(commands -> commands.hset("voltlane:bans", "192.0.2.2", good));
        redis.ask(commands -> commands.hset("voltlane:bans", "192.0.2.3", good + "x".repeat(1_024)));
        assertThat(answer(store.fleet().bans()))
                .as("facts that are too long")
                .extracting(Fleet.SharedBan::place)
                .containsExactlyInAnyOrder("192.0.2.1", "192.0.2.2");
    }

    @Test
    void bansMayHaveBeenMissedWhenRedisIsThereAgain() throws Exception {
        RedisServer redis = keep(RedisServer.start(folder));
        RecordStore store = open(redis.url(), heard);
        heard.awaitUp();
        List<String> bans = Collections.synchronizedList(new ArrayList<>());
        store.fleet().onBan(new Fleet.BanListener() {
            @Override
            public void banned(Fleet.SharedBan ban) {
                bans.add(ban.place());
            }

            @Override
            public void ended(String place) {
                bans.add(place + " ended");
            }

            @Override
            public void missed() {
                bans.add("missed");
            }
        });
        answer(store.fleet().ban("192.0.2.1", new byte[] {1}, 0));
        assertThat(bans).isEmpty();
        redis.ask(commands -> commands.clientKill(KillArgs.Builder.typePubsub()));
        await().atMost(RedisServer.LIMIT).untilAsserted(() -> assertThat(bans).containsExactly("missed"));
    }

    /** A Redis that replicas get their first copy of at once. */
    private RedisServer master() {
        return keep(RedisServer.start(folder, "--repl-diskless-sync-delay", "0"));
    }

    /** A replica that has its first copy. */
    private RedisServer replicaOf(RedisServer master) {
        RedisServer replica = keep(RedisServer.start(folder, "--replicaof", "127.0.0.1 " + master.port()));
        await().atMost(RedisServer.LIMIT)
                .until(() ->
                        replica.ask(commands -> commands.info("replication").contains("master_link_status:up")));
        return replica;
    }

    private <T extends AutoCloseable> T keep(T one) {
        opened.add(one);
        return one;
    }

    private RecordStore open(String url, Heard listener) throws StoreException {
        RecordStore store = new RedisStoreProvider().open(RedisServer.settings(url, A, TIMEOUT_MILLIS), listener);
        opened.add(store);
        return store;
    }

    private static long connections(String stats) {
        return stats.lines()
                .filter(line -> line.startsWith("total_connections_received:"))
                .mapToLong(line ->
                        Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
                .sum();
    }

    private static StoredRecord record(long id) {
        return new StoredRecord(id, 1, A, new byte[] {1, 2, 3}, LONG_MILLIS);
    }

    private static <T> T answer(CompletionStage<T> asked) throws Exception {
        return asked.toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static void assertFails(CompletionStage<?> asked, String why) {
        assertThatThrownBy(() -> answer(asked))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(why);
    }
}
