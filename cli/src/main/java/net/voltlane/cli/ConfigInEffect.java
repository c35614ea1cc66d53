package net.voltlane.cli;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import net.voltlane.server.config.ConfigChange;
import net.voltlane.server.config.ConfigException;
import net.voltlane.server.config.LoadedConfig;
import net.voltlane.server.config.LogLevel;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.log.LogField;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration that a running server works by, and its replacement by another one. Reloads are done one after the
 * other; one that waits for its turn serves all who ask meanwhile. Each tells in the log what came of it. Thread-safe,
 * and no method blocks.
 */
final class ConfigInEffect {
    private static final Logger log = LoggerFactory.getLogger(ConfigInEffect.class);

    /** The sources of the configuration: file, variables and options. */
    interface Sources {
        /** Reads them again. */
        LoadedConfig load() throws ConfigException;
    }

    private final Sources sources;
    private final Function<ServerConfig, CompletionStage<ConfigChange>> server;
    private final Consumer<LogLevel> logLevel;
    private final Executor threads;

    private volatile LoadedConfig now;
    /** The reload that was asked for last; done if there was none. */
    private CompletableFuture<?> last = CompletableFuture.completedFuture(null);
    /** The reload that waits for its turn; null if none does. */
    private @Nullable CompletableFuture<ConfigChange> waiting;

    /**
     * @param server gives a running server another configuration
     * @param logLevel sets the level of the log
     */
    ConfigInEffect(
            LoadedConfig atStart,
            Sources sources,
            Function<ServerConfig, CompletionStage<ConfigChange>> server,
            Consumer<LogLevel> logLevel) {
        this(atStart, sources, server, logLevel, ConfigInEffect::onThreadOfItsOwn);
    }

    /** @param threads runs what may block */
    ConfigInEffect(
            LoadedConfig atStart,
            Sources sources,
            Function<ServerConfig, CompletionStage<ConfigChange>> server,
            Consumer<LogLevel> logLevel,
            Executor threads) {
        this.now = atStart;
        this.sources = sources;
        this.server = server;
        this.logLevel = logLevel;
        this.threads = threads;
    }

    private static void onThreadOfItsOwn(Runnable task) {
        Thread thread = new Thread(task, "voltlane-reload");
        thread.setDaemon(true);
        thread.start();
    }

    /** The configuration in effect: without what waits for a restart. */
    LoadedConfig now() {
        return now;
    }

    /**
     * Reads the sources again, and gives the server what they say.
     *
     * @return completes exceptionally with {@link ConfigException} where a source is wrong, or with the server's own
     *     exception where the server is ending; then nothing has changed
     */
    synchronized CompletionStage<ConfigChange> reload() {
        CompletableFuture<ConfigChange> reload = waiting;
        if (reload == null) {
            CompletableFuture<ConfigChange> mine = new CompletableFuture<>();
            waiting = mine;
            last.handleAsync((done, failure) -> perform(mine), threads).exceptionally(broken -> broken(mine, broken));
            last = mine;
            reload = mine;
        }
        return reload.minimalCompletionStage();
    }

    private synchronized void begun() {
        waiting = null;
    }

    private @Nullable Void perform(CompletableFuture<ConfigChange> reload) {
        begun(); // whoever asks from now on has changed something that may have been read already
        try {
            LoadedConfig next = sources.load();
            server.apply(next.config())
                    .handleAsync((change, failure) -> finish(reload, next, change, failure), threads)
                    .exceptionally(broken -> broken(reload, broken));
        } catch (ConfigException | RuntimeException e) {
            fail(reload, e);
        }
        return null;
    }

    /** An error, such as no memory for another thread, has kept a reload from its end. The next one may get further. */
    private @Nullable Void broken(CompletableFuture<ConfigChange> reload, Throwable cause) {
        synchronized (this) {
            if (waiting == reload) {
                waiting = null;
            }
        }
        fail(reload, cause);
        return null;
    }

    private @Nullable Void finish(
            CompletableFuture<ConfigChange> reload,
            LoadedConfig next,
            @Nullable ConfigChange change,
            @Nullable Throwable failure) {
        if (change == null) {
            fail(reload, failure);
            return null;
        }
        now = next.inEffect(now, change);
        logLevel.accept(change.inEffect().general().logLevel());
        next.warnings().forEach(line -> LogEvent.CONFIGURATION_WARNING.on(log).log(line));
        next.notes().forEach(line -> LogEvent.CONFIGURATION.on(log).log(line));
        tell(change);
        reload.complete(change);
        return null;
    }

    private static void tell(ConfigChange change) {
        if (change.isNone()) {
            LogEvent.RELOADED.on(log).log("Reloaded the configuration: nothing has changed");
            return;
        }
        tell(LogEvent.RELOADED, "in effect at once", change.atOnce());
        tell(LogEvent.RELOADED, "in effect for new links", change.newLinks());
        tell(LogEvent.RELOAD_INCOMPLETE, "waits for a restart", change.atRestart());
    }

    private static void tell(LogEvent event, String when, List<String> keys) {
        if (!keys.isEmpty()) {
            String settings = String.join(", ", keys);
            event.on(log)
                    .addKeyValue(LogField.SETTINGS.key(), settings)
                    .log("Reloaded the configuration; {}: {}", when, settings);
        }
    }

    private static void fail(CompletableFuture<ConfigChange> reload, @Nullable Throwable failure) {
        Throwable cause = failure == null ? new AssertionError("neither an answer nor a failure") : failure;
        if (failure instanceof CompletionException && failure.getCause() != null) {
            cause = failure.getCause();
        }
        if (cause instanceof ConfigException wrong) {
            wrong.lines().forEach(line -> LogEvent.CONFIGURATION_WRONG.on(log).log(line));
            LogEvent.RELOAD_FAILED.on(log).log("The configuration was not reloaded: nothing has changed");
        } else {
            boolean needsItsName = cause instanceof Error || cause.getMessage() == null;
            LogEvent.RELOAD_FAILED
                    .on(log)
                    .log(
                            "The configuration was not reloaded: {}",
                            needsItsName ? cause.toString() : cause.getMessage());
        }
        reload.completeExceptionally(cause);
    }
}
