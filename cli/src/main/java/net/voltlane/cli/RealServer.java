package net.voltlane.cli;

import java.util.concurrent.CompletionStage;
import net.voltlane.server.StartException;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.ServerConfig;

/** The server itself, as {@code serve} sees it. */
record RealServer(VoltlaneServer server) implements RunningServer {

    static RealServer start(ServerConfig config) throws StartException {
        return new RealServer(VoltlaneServer.start(config));
    }

    @Override
    public CompletionStage<Void> ended() {
        return server.ended();
    }

    @Override
    public void stop() {
        server.stop();
    }
}
