package com.example.echo;

import java.util.concurrent.TimeUnit;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ServerConfig;

/** A server in a program of a user's: takes the port of the backend, prints its own, and stops when its input ends. */
public final class Serve {
    private Serve() {}

    public static void main(String[] args) throws Exception {
        ServerConfig defaults = ServerConfig.defaults();
        VoltlaneServer server = VoltlaneServer.start(defaults.withListener(
                        defaults.listener().withAddress(new Address("127.0.0.1", 0)).withKeyFile(""))
                .withMaster(defaults.master().withAddress(new Address("127.0.0.1", Integer.parseInt(args[0])))));
        System.out.println(server.listening().toCompletableFuture().get(60, TimeUnit.SECONDS).getPort());
        while (System.in.read() >= 0) {}
        server.stop();
    }
}
