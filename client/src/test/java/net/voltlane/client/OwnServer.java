package net.voltlane.client;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.Clients;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.server.config.TransportKind;
import net.voltlane.testkit.FaultRelay;
import net.voltlane.testkit.ScriptedMaster;

/**
 * The project's own server in this process, with a scripted backend behind it and a relay in front.
 *
 * @param server the server
 * @param master its backend, attached
 * @param relay the relay that {@link #client()} connects to
 */
record OwnServer(VoltlaneServer server, ScriptedMaster master, FaultRelay relay) implements AutoCloseable {

    static OwnServer start() throws Exception {
        return start(clients -> clients.withMissedPacketsBufferSize(100));
    }

    static OwnServer start(UnaryOperator<Clients> settings) throws Exception {
        ScriptedMaster master = ScriptedMaster.listen().timeout(Duration.ofSeconds(20));
        ServerConfig config = ServerConfig.defaults();
        config = config.withListener(config.listener()
                        .withAddress(new Address("127.0.0.1", 0))
                        .withKeyFile("")
                        .withThreads(1)
                        .withTransport(TransportKind.AUTO))
                .withMaster(config.master()
                        .withAddress(new Address("127.0.0.1", master.address().getPort())))
                .withClients(settings.apply(config.clients()));
        VoltlaneServer server = VoltlaneServer.start(config);
        InetSocketAddress address = server.listening().toCompletableFuture().get(20, TimeUnit.SECONDS);
        master.accept();
        return new OwnServer(server, master, FaultRelay.to(address));
    }

    /** Returns a builder for a client of version 2 that reconnects quickly. */
    ClientBuilder client() {
        return VoltlaneClient.builder("127.0.0.1", relay.address().getPort())
                .protocol(Protocol.V2)
                .backoff(Duration.ofMillis(1), Duration.ofMillis(2));
    }

    /** Returns the address of the relay, for clients. */
    String address() {
        return "127.0.0.1:" + relay.address().getPort();
    }

    @Override
    public void close() {
        relay.close();
        server.stop();
        server.ended().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
        master.close();
    }
}
