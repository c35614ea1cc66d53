package net.voltlane.systemtest.sdk;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import net.voltlane.backend.BackendOptions;
import net.voltlane.backend.ClientInfo;
import net.voltlane.backend.EndReason;
import net.voltlane.backend.Handler;
import net.voltlane.backend.Session;
import net.voltlane.backend.VoltlaneBackend;
import net.voltlane.client.ClientBuilder;
import net.voltlane.client.Protocol;
import net.voltlane.client.VoltlaneClient;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.testkit.FaultRelay;
import org.jspecify.annotations.Nullable;

/** A server with firehose 3, a backend of the SDK behind it that echoes, and a relay on either side of the server. */
final class SdkStage implements AutoCloseable {

    private static final long LIMIT_SECS = 30;

    /** The backend's program: echoes packets, and records what happens to sessions. */
    private final class Echo implements Handler {

        @Override
        public void opened(Session session, ClientInfo client) {
            info = client;
            opened = session;
            events.add("opened");
        }

        @Override
        public void data(Session session, byte[] data) {
            session.send(data);
        }

        @Override
        public void suspended(Session session, String cause) {
            events.add("suspended");
        }

        @Override
        public void resumed(Session session, String remote, boolean takeover) {
            events.add("resumed");
        }

        @Override
        public void ended(Session session, EndReason reason) {
            end = reason;
            events.add("ended " + reason.text());
        }
    }

    final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    volatile @Nullable ClientInfo info;
    volatile @Nullable Session opened;
    volatile @Nullable EndReason end;

    private final VoltlaneBackend backend;
    private final FaultRelay firehose;
    private final VoltlaneServer server;
    private final FaultRelay links;

    SdkStage() throws Exception {
        backend = VoltlaneBackend.listen(new InetSocketAddress("127.0.0.1", 0), new Echo(), BackendOptions.DEFAULT);
        firehose = FaultRelay.to(backend.address());
        ServerConfig config = ServerConfig.defaults();
        server = VoltlaneServer.start(config.withListener(config.listener()
                        .withAddress(new Address("127.0.0.1", 0))
                        .withThreads(1)
                        .withKeyFile(""))
                .withMaster(config.master()
                        .withProtocol(3)
                        .withAddress(new Address("127.0.0.1", firehose.address().getPort()))));
        links = FaultRelay.to(server.listening().toCompletableFuture().get(LIMIT_SECS, TimeUnit.SECONDS));
    }

    /** Returns a builder for a client of version 3 that reconnects quickly. */
    ClientBuilder client() {
        return VoltlaneClient.builder("127.0.0.1", links.address().getPort())
                .protocol(Protocol.V3)
                .backoff(Duration.ofMillis(1), Duration.ofMillis(2))
                .closeTimeout(Duration.ofSeconds(LIMIT_SECS));
    }

    /** Resets the connections of all clients. */
    void cutLinks() {
        links.cut();
    }

    /** Resets the connection between server and backend. */
    void cutFirehose() {
        firehose.cut();
    }

    /** Waits for the backend's next event. */
    @Nullable
    String nextEvent() throws InterruptedException {
        return events.poll(LIMIT_SECS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        server.stop();
        server.ended()
                .toCompletableFuture()
                .orTimeout(LIMIT_SECS, TimeUnit.SECONDS)
                .join();
        links.close();
        firehose.close();
        backend.close();
    }
}
