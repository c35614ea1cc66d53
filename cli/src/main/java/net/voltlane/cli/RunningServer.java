package net.voltlane.cli;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import net.voltlane.server.StartException;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.ConfigChange;
import net.voltlane.server.config.ServerConfig;
import org.jspecify.annotations.Nullable;

/** The part of a server that {@code serve} uses. Tests put another one in its place. */
interface RunningServer {

    /** Completes when the server has ended: exceptionally if it had to give up. */
    CompletionStage<Void> ended();

    /** Completes when clients are accepted. */
    CompletionStage<InetSocketAddress> listening();

    /** Begins an orderly stop, with this time for a drain, and returns at once. */
    void drain(Duration timeout);

    /** Gives the server another configuration. Completes when it is in effect. */
    CompletionStage<ConfigChange> reload(ServerConfig next);

    /** Runs {@code beat} at this interval while all of the server's threads work. */
    void heartbeat(Duration interval, Runnable beat);

    /** The connection server that the admin server looks at; null in a test that has none. */
    @Nullable
    VoltlaneServer server();

    /** Starts a server. */
    interface Starter {
        RunningServer start(ServerConfig config) throws StartException;
    }
}
