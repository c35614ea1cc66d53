package net.voltlane.store.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.cluster.pubsub.StatefulRedisClusterPubSubConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A link to all nodes of a cluster. The library connects to nodes, also again, and learns which node has which keys. */
final class ClusterLink implements Link {
    private static final ByteArrayCodec CODEC = ByteArrayCodec.INSTANCE;
    private static final Duration REFRESH = Duration.ofSeconds(15);
    private static final Duration REFRESH_PAUSE = Duration.ofSeconds(1);

    private static final long WARM_PAUSE_MILLIS = 20;

    private final RedisClusterClient client;
    private final StatefulRedisClusterConnection<byte[], byte[]> questions;
    private final StatefulRedisClusterPubSubConnection<byte[], byte[]> messages;

    private ClusterLink(
            RedisClusterClient client,
            StatefulRedisClusterConnection<byte[], byte[]> questions,
            StatefulRedisClusterPubSubConnection<byte[], byte[]> messages) {
        this.client = client;
        this.questions = questions;
        this.messages = messages;
    }

    /** Sends them one by one: handed over together, the library would wait for connections, on this thread. */
    @Override
    public void send(List<Question> batch) {
        for (Question question : batch) {
            questions.dispatch(question);
        }
    }

    @Override
    public CompletionStage<?> subscribe(List<byte[]> channels) {
        return messages.async().subscribe(channels.toArray(byte[][]::new));
    }

    @Override
    public void prepare() {
        // all masters were told when they were connected to
    }

    @Override
    public boolean isOneNode() {
        return false;
    }

    @Override
    public CompletionStage<?> close() {
        return CompletableFuture.allOf(questions.closeAsync(), messages.closeAsync())
                .handle((nothing, failure) -> client.shutdownAsync(0, 200, TimeUnit.MILLISECONDS))
                .thenCompose(done -> done);
    }

    /** Dials a cluster: a new client each time, so that its nodes are looked up from the beginning. */
    static final class Dialer implements Link.Dialer {
        private final StoreThreads threads;
        private final RedisAddress address;
        private final Keys keys;
        private final Duration connect;

        Dialer(StoreThreads threads, RedisAddress address, Keys keys, Duration connect) {
            this.threads = threads;
            this.address = address;
            this.keys = keys;
            this.connect = connect;
        }

        @Override
        public CompletionStage<Link> dial(Events events) {
            RedisClusterClient client = RedisClusterClient.create(threads.resources(), address.uris(connect));
            client.setOptions(options());
            client.addListener(new RedisConnectionStateListener() {
                @Override
                public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
                    // One that was closed on purpose, after it was asked about the nodes, is not lost.
                    if (connection.isOpen()) {
                        events.lost();
                    }
                }
            });
            return client.refreshPartitionsAsync()
                    .thenCompose(nodes -> client.connectAsync(CODEC))
                    .thenCompose(questions -> client.connectPubSubAsync(CODEC)
                            .thenApply(messages -> {
                                messages.addListener(new RedisPubSubAdapter<byte[], byte[]>() {
                                    @Override
                                    public void message(byte[] channel, byte[] message) {
                                        events.message(channel, message);
                                    }
                                });
                                return (Link) new ClusterLink(client, questions, messages);
                            })
                            .thenCompose(link -> warm(client, questions).thenApply(done -> link)))
                    .whenComplete((link, failure) -> {
                        if (failure != null) {
                            client.shutdownAsync(0, 200, TimeUnit.MILLISECONDS);
                        }
                    });
        }

        /** Connects to all masters. The library connects to a node when it is asked first, and refuses questions meanwhile. */
        private CompletionStage<?> warm(
                RedisClusterClient client, StatefulRedisClusterConnection<byte[], byte[]> questions) {
            Set<String> asked = new HashSet<>();
            List<CompletableFuture<?>> answers = new ArrayList<>();
            for (int i = 0; i < SlotHash.SLOT_COUNT; i++) {
                byte[] key = keys.probe(Integer.toString(i).getBytes(US_ASCII));
                RedisClusterNode node = client.getPartitions().getPartitionBySlot(SlotHash.getSlot(key));
                if (node != null && asked.add(node.getNodeId())) {
                    CompletableFuture<Boolean> over = new CompletableFuture<>();
                    warm(questions, key, over, (int) (connect.toMillis() / WARM_PAUSE_MILLIS));
                    answers.add(over.thenCompose(connected -> connected ? load(questions, node) : over));
                }
            }
            return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
        }

        /** Asks the node of a key until it is connected to. Whether it has a good answer, the first real question shows. */
        private void warm(
                StatefulRedisClusterConnection<byte[], byte[]> questions,
                byte[] key,
                CompletableFuture<Boolean> over,
                int tries) {
            questions.async().get(key).whenComplete((value, failure) -> {
                boolean connected =
                        failure == null || !String.valueOf(failure.getMessage()).contains("not connected");
                if (tries > 0 && !connected) {
                    threads.loop()
                            .schedule(
                                    () -> warm(questions, key, over, tries - 1),
                                    WARM_PAUSE_MILLIS,
                                    TimeUnit.MILLISECONDS);
                } else {
                    over.complete(connected);
                }
            });
        }

        /**
         * Has a node remember all scripts, on the connection by which it is asked. If it knew some of them only, it would do what it
         * knows before what has to be asked again with the text, though it was asked later.
         */
        private static CompletionStage<Boolean> load(
                StatefulRedisClusterConnection<byte[], byte[]> questions, RedisClusterNode node) {
            RedisURI place = node.getUri();
            return questions
                    .getConnectionAsync(place.getHost(), place.getPort())
                    .thenCompose(connection -> CompletableFuture.allOf(Arrays.stream(Script.values())
                            .map(script ->
                                    connection.async().scriptLoad(script.text()).toCompletableFuture())
                            .toArray(CompletableFuture[]::new)))
                    .handle((done, failure) -> true); // one that refuses is asked with the text
        }

        private ClusterClientOptions options() {
            return LinkOptions.on(ClusterClientOptions.builder(), address, connect)
                    .validateClusterNodeMembership(false)
                    .topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                            .adaptiveRefreshTriggersTimeout(REFRESH_PAUSE)
                            .enablePeriodicRefresh(REFRESH)
                            .build())
                    .build();
        }

        @Override
        public CompletionStage<?> close() {
            return CompletableFuture.completedFuture(null);
        }
    }
}
