package net.voltlane.store.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A link to one Redis: the one of the address, or the one that sentinels call the master. It does not reconnect: once lost, it is dialled anew. */
final class NodeLink implements Link {
    private static final ByteArrayCodec CODEC = ByteArrayCodec.INSTANCE;

    private final StatefulRedisConnection<byte[], byte[]> questions;
    private final StatefulRedisPubSubConnection<byte[], byte[]> messages;

    private NodeLink(
            StatefulRedisConnection<byte[], byte[]> questions, StatefulRedisPubSubConnection<byte[], byte[]> messages) {
        this.questions = questions;
        this.messages = messages;
    }

    @Override
    public void send(List<Question> batch) {
        questions.dispatch(batch);
    }

    @Override
    public CompletionStage<?> subscribe(List<byte[]> channels) {
        return messages.async().subscribe(channels.toArray(byte[][]::new));
    }

    @Override
    public void prepare() {
        for (Script script : Script.values()) {
            questions.async().scriptLoad(script.text());
        }
    }

    @Override
    public boolean isOneNode() {
        return true;
    }

    @Override
    public CompletionStage<?> close() {
        return CompletableFuture.allOf(questions.closeAsync(), messages.closeAsync());
    }

    /** Dials one Redis. */
    static final class Dialer implements Link.Dialer {
        private final RedisClient client;
        private final RedisURI uri;

        Dialer(StoreThreads threads, RedisAddress address, Duration connect) {
            client = RedisClient.create(threads.resources());
            client.setOptions(LinkOptions.on(ClientOptions.builder(), address, connect)
                    .autoReconnect(false)
                    .build());
            uri = address.uris(connect).get(0);
        }

        @Override
        public CompletionStage<Link> dial(Events events) {
            return client.connectAsync(CODEC, uri).toCompletableFuture().thenCompose(questions -> {
                hearLoss(questions, events);
                return client.connectPubSubAsync(CODEC, uri)
                        .toCompletableFuture()
                        .whenComplete((messages, failure) -> {
                            if (failure != null) {
                                questions.closeAsync();
                            }
                        })
                        .thenApply(messages -> {
                            hearLoss(messages, events);
                            messages.addListener(new RedisPubSubAdapter<byte[], byte[]>() {
                                @Override
                                public void message(byte[] channel, byte[] message) {
                                    events.message(channel, message);
                                }
                            });
                            return new NodeLink(questions, messages);
                        });
            });
        }

        private static void hearLoss(StatefulConnection<byte[], byte[]> connection, Events events) {
            connection.addListener(new RedisConnectionStateListener() {
                @Override
                public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
                    events.lost();
                }
            });
            if (!connection.isOpen()) {
                events.lost();
            }
        }

        @Override
        public CompletionStage<?> close() {
            return client.shutdownAsync(0, 200, TimeUnit.MILLISECONDS);
        }
    }
}
