package net.voltlane.cli;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import net.voltlane.admin.AdminHost;
import net.voltlane.bench.ProjectVersion;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.ConfigChange;
import net.voltlane.server.config.ConfigException;
import net.voltlane.server.config.LoadedConfig;
import net.voltlane.server.config.LogLevel;

/** The command {@code serve} around a connection server, as the admin server sees it. */
final class ServeHost implements AdminHost {
    /** The sources of the configuration. */
    interface Sources {
        /** Reads them again. */
        LoadedConfig load() throws ConfigException;
    }

    private final VoltlaneServer server;
    private final Logging logging;
    private final Sources sources;
    private volatile LoadedConfig configuration;
    private volatile LogLevel level;

    ServeHost(VoltlaneServer server, Logging logging, LoadedConfig configuration, Sources sources) {
        this.server = server;
        this.logging = logging;
        this.sources = sources;
        this.configuration = configuration;
        this.level = configuration.config().general().logLevel();
    }

    @Override
    public String version() {
        return ProjectVersion.number();
    }

    @Override
    public VoltlaneServer server() {
        return server;
    }

    @Override
    public LoadedConfig configuration() {
        return configuration;
    }

    @Override
    public LogLevel logLevel() {
        return level;
    }

    @Override
    public void logLevel(LogLevel next) {
        logging.level(next);
        level = next;
    }

    @Override
    public CompletionStage<ConfigChange> reload() {
        return CompletableFuture.supplyAsync(this::read)
                .thenCompose(read -> server.reload(read.config()).thenApply(change -> {
                    configuration = read;
                    logLevel(read.config().general().logLevel());
                    return change;
                }));
    }

    private LoadedConfig read() {
        try {
            return sources.load();
        } catch (ConfigException e) {
            throw new CompletionException(e);
        }
    }

    @Override
    public void drain() {
        server.drain(Duration.ofSeconds(configuration.config().general().drainTimeoutSecs()));
    }
}
