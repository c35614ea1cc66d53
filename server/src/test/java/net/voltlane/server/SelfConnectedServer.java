package net.voltlane.server;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.server.metrics.Metric;

/**
 * A server without a backend, where all outgoing connections get the backend's port: its dials are connected to
 * themselves. Run by {@link SelfConnectedServerTest}.
 */
final class SelfConnectedServer {
    private SelfConnectedServer() {}

    public static void main(String[] args) throws Exception {
        ServerConfig config = ServerConfig.defaults();
        config = config.withListener(config.listener()
                        .withAddress(new Address("127.0.0.1", 42000))
                        .withKeyFile(""))
                .withMaster(config.master()
                        .withAddress(new Address("127.0.0.1", SelfConnectedServerTest.PORT))
                        .withReconnectTimeoutSecs(1));
        VoltlaneServer server = VoltlaneServer.start(config);
        try {
            server.listening().toCompletableFuture().get(20, TimeUnit.SECONDS);
            System.out.println("it took itself for the master");
        } catch (ExecutionException e) {
            System.out.println(e.getCause().getMessage());
        }
        System.out.println("self " + server.count(Metric.MASTER_DIALS_REACHED_THEMSELVES));
        System.out.println("reached " + server.count(Metric.MASTER_CONNECTED));
        System.exit(0);
    }
}
