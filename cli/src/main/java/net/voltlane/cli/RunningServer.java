package net.voltlane.cli;

import java.util.concurrent.CompletionStage;
import net.voltlane.server.StartException;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.ServerConfig;
import org.jspecify.annotations.Nullable;

/** The part of a server that {@code serve} uses. Tests put another one in its place. */
interface RunningServer {

    /** Completes when the server has ended: exceptionally if it had to give up. */
    CompletionStage<Void> ended();

    /** Begins an orderly stop and returns at once. */
    void stop();

    /** The connection server that the admin server looks at; null in a test that has none. */
    @Nullable
    VoltlaneServer server();

    /** Starts a server. */
    interface Starter {
        RunningServer start(ServerConfig config) throws StartException;
    }
}
