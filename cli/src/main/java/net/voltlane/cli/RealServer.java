package net.voltlane.cli;

import java.net.InetSocketAddress;
import java.security.Security;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import net.voltlane.server.StartException;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.ConfigChange;
import net.voltlane.server.config.ServerConfig;

/** The server itself, as the command {@code voltlane serve} sees it. */
record RealServer(VoltlaneServer server) implements RunningServer {

    private static final String POSITIVE = "networkaddress.cache.ttl";
    private static final String NEGATIVE = "networkaddress.cache.negative.ttl";

    static RealServer start(ServerConfig config) throws StartException {
        rememberNoNames();
        return new RealServer(VoltlaneServer.start(config));
    }

    /**
     * Turns off the JDK's cache of host names, which would keep an address for half a minute, dead or alive, and a
     * failure for ten seconds. A value that the operator has set for the JVM takes precedence.
     */
    private static void rememberNoNames() {
        if (Security.getProperty(POSITIVE) == null) {
            Security.setProperty(POSITIVE, "0");
            Security.setProperty(NEGATIVE, "0");
        }
    }

    @Override
    public CompletionStage<Void> ended() {
        return server.ended();
    }

    @Override
    public CompletionStage<InetSocketAddress> listening() {
        return server.listening();
    }

    @Override
    public void drain(Duration timeout) {
        server.drain(timeout);
    }

    @Override
    public CompletionStage<ConfigChange> reload(ServerConfig next) {
        return server.reload(next);
    }

    @Override
    public void heartbeat(Duration interval, Runnable beat) {
        server.heartbeat(interval, beat);
    }
}
