package net.voltlane.cli;

import java.util.concurrent.CompletionStage;
import net.voltlane.admin.AdminHost;
import net.voltlane.admin.events.RecentEvents;
import net.voltlane.bench.ProjectVersion;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.ConfigChange;
import net.voltlane.server.config.LoadedConfig;
import net.voltlane.server.config.LogLevel;

/** The command serve around a connection server, as the admin server sees it. */
record ServeHost(VoltlaneServer server, Logging logging, Operations operations) implements AdminHost {
    @Override
    public String version() {
        return ProjectVersion.number();
    }

    @Override
    public LoadedConfig configuration() {
        return operations.config().now();
    }

    @Override
    public RecentEvents events() {
        return logging.events();
    }

    @Override
    public LogLevel logLevel() {
        return logging.level();
    }

    @Override
    public void logLevel(LogLevel level) {
        logging.level(level);
    }

    @Override
    public CompletionStage<ConfigChange> reload() {
        return operations.reload();
    }

    @Override
    public void drain() {
        operations.drain();
    }
}
