package net.voltlane.admin;

import java.util.concurrent.CompletionStage;
import net.voltlane.admin.events.RecentEvents;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.ConfigChange;
import net.voltlane.server.config.LoadedConfig;
import net.voltlane.server.config.LogLevel;

/**
 * The program around a connection server, as the admin server sees it. It knows what the connection server does not: the
 * sources of the configuration, and the log. Thread-safe; no method blocks.
 */
public interface AdminHost {
    /** The version of the program, such as {@code 0.1.0}. */
    String version();

    /** The connection server. */
    VoltlaneServer server();

    /** The configuration in effect: that of the start, or of the last reload that succeeded. */
    LoadedConfig configuration();

    /** The last lines of the log at Info and above. */
    RecentEvents events();

    /** The least severe level that is logged. */
    LogLevel logLevel();

    /** Logs from now on what is at least as severe as {@code level}, until the next reload or restart. */
    void logLevel(LogLevel level);

    /**
     * Reads the sources of the configuration again, and gives the server what they say.
     *
     * @return completes exceptionally with {@link net.voltlane.server.config.ConfigException} where a source is wrong;
     *     then nothing has changed
     */
    CompletionStage<ConfigChange> reload();

    /** Begins an orderly stop, as the signal TERM does. */
    void drain();
}
