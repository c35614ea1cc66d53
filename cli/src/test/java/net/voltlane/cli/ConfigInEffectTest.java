package net.voltlane.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import net.voltlane.cli.systemd.LoggedLines;
import net.voltlane.server.config.ConfigChange;
import net.voltlane.server.config.ConfigException;
import net.voltlane.server.config.ConfigLoader;
import net.voltlane.server.config.ConfigRequest;
import net.voltlane.server.config.LoadedConfig;
import net.voltlane.server.config.LogLevel;
import net.voltlane.server.config.ServerConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reloads of a file on disk, with a server in name only and with threads that run when the test says so. */
class ConfigInEffectTest {
    @TempDir
    Path directory;

    private final LoggedLines logged = new LoggedLines(ConfigInEffect.class);
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final List<ServerConfig> given = new ArrayList<>();
    private final List<LogLevel> levels = new ArrayList<>();
    private int loads;
    private ConfigInEffect config;

    @BeforeEach
    void start() throws Exception {
        write("[general]\nlog_level = \"Info\"");
        config = new ConfigInEffect(load(), this::load, this::give, levels::add, tasks::add);
        loads = 0;
    }

    @AfterEach
    void end() {
        logged.close();
    }

    private LoadedConfig load() throws ConfigException {
        loads++;
        return ConfigLoader.load(new ConfigRequest(directory, Path.of("connserver.toml"), Map.of(), null, null, false));
    }

    private CompletionStage<ConfigChange> give(ServerConfig next) {
        given.add(next);
        return CompletableFuture.completedFuture(
                ConfigChange.between(config.now().config(), next));
    }

    private void write(String text) throws IOException {
        Files.writeString(directory.resolve("connserver.toml"), text);
    }

    private CompletableFuture<ConfigChange> reload() {
        return config.reload().toCompletableFuture();
    }

    private void runTasks() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    private ConfigChange reloaded() throws Exception {
        CompletableFuture<ConfigChange> reload = reload();
        assertThat(reload).isNotDone();
        runTasks();
        return reload.get();
    }

    @Test
    void nothingHasChanged() throws Exception {
        assertThat(reloaded().atOnce()).isEmpty();
        assertThat(logged.lines()).containsExactly("INFO Reloaded the configuration: nothing has changed");
    }

    @Test
    void eachLineTellsWhenItsSettingsTakeEffect() throws Exception {
        write("""
                [general]
                log_level = "Debug"
                log_format = "json"
                drain_timeout_secs = 7
                [limits]
                max_clients = 7
                [listener]
                max_frame_size = 70000
                """);
        reloaded();
        assertThat(logged.lines())
                .containsExactly(
                        "INFO Reloaded the configuration; in effect at once: general.log_level,"
                                + " general.drain_timeout_secs, limits.max_clients",
                        "INFO Reloaded the configuration; in effect for new links: listener.max_frame_size",
                        "WARN Reloaded the configuration; waits for a restart: general.log_format");
        assertThat(levels).containsExactly(LogLevel.DEBUG);
        ServerConfig now = config.now().config();
        assertThat(now.limits().maxClients()).isEqualTo(7);
        assertThat(now.general().drainTimeoutSecs()).isEqualTo(7);
        assertThat(now.general().logFormat())
                .isEqualTo(ServerConfig.defaults().general().logFormat());
        assertThat(config.now().printed())
                .containsPattern("log_format = \"text\" +# default")
                .containsPattern("drain_timeout_secs = 7 +# connserver.toml:4");
    }

    @Test
    void aWrongFileChangesNothingAndSaysWhy() throws Exception {
        LoadedConfig before = config.now();
        write("[limits]\nmax_clients = -1\nmax_client = 3\n[clients]\nmissed_packets_buffer_size = 3");
        CompletableFuture<ConfigChange> reload = reload();
        runTasks();
        assertThatThrownBy(reload::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(ConfigException.class);
        List<String> words = new ArrayList<>();
        try {
            load();
        } catch (ConfigException e) {
            e.lines().forEach(line -> words.add("ERROR " + line));
        }
        assertThat(words).hasSize(2).first().asString().contains("connserver.toml:2: limits.max_clients: -1");
        words.add("WARN The configuration was not reloaded: nothing has changed");
        assertThat(logged.lines()).isEqualTo(words);
        assertThat(given).isEmpty();
        assertThat(levels).isEmpty();
        assertThat(config.now()).isSameAs(before);
    }

    @Test
    void aServerThatIsEndingIsNotReloaded() throws Exception {
        config = new ConfigInEffect(
                load(),
                this::load,
                next -> CompletableFuture.failedFuture(new IllegalStateException("the server is ending")),
                levels::add,
                tasks::add);
        CompletableFuture<ConfigChange> reload = reload();
        runTasks();
        assertThatThrownBy(reload::get).cause().isInstanceOf(IllegalStateException.class);
        assertThat(logged.lines()).containsExactly("WARN The configuration was not reloaded: the server is ending");
        assertThat(levels).isEmpty();
    }

    @Test
    void thoseWhoAskBeforeAReloadBeginsGetThatOne() throws Exception {
        CompletableFuture<ConfigChange> first = reload();
        CompletableFuture<ConfigChange> second = reload();
        runTasks();
        assertThat(first.get()).isSameAs(second.get());
        assertThat(loads).isOne();
    }

    @Test
    void whoAsksDuringAReloadGetsTheNext() throws Exception {
        CompletableFuture<ConfigChange> first = reload();
        tasks.remove().run(); // has read the file, and has not told
        write("[limits]\nmax_clients = 8");
        CompletableFuture<ConfigChange> second = reload();
        CompletableFuture<ConfigChange> third = reload();
        assertThat(loads).isOne();
        runTasks();
        assertThat(first.get().atOnce()).isEmpty();
        assertThat(second.get().atOnce()).containsExactly("limits.max_clients");
        assertThat(third.get()).isSameAs(second.get());
        assertThat(loads).isEqualTo(2);
    }

    @Test
    void aReloadFollowsOneThatFailed() throws Exception {
        write("nonsense");
        CompletableFuture<ConfigChange> wrong = reload();
        runTasks();
        assertThat(wrong).isCompletedExceptionally();
        write("[limits]\nmax_clients = 9");
        assertThat(reloaded().atOnce()).containsExactly("limits.max_clients");
        assertThat(given).hasSize(1);
    }

    @Test
    void aReloadFollowsOneThatAnErrorHasEnded() throws Exception {
        AtomicReference<@Nullable Error> onLoad = new AtomicReference<>(new StackOverflowError());
        AtomicReference<@Nullable Error> onThread = new AtomicReference<>();
        config = new ConfigInEffect(
                load(),
                () -> {
                    throwIfAny(onLoad.getAndSet(null));
                    return load();
                },
                this::give,
                levels::add,
                task -> {
                    throwIfAny(onThread.getAndSet(null));
                    tasks.add(task);
                });
        CompletableFuture<ConfigChange> overflow = reload();
        runTasks();
        endsWith(overflow, StackOverflowError.class);
        onThread.set(new OutOfMemoryError("no thread"));
        endsWith(reload(), OutOfMemoryError.class);
        CompletableFuture<ConfigChange> untold = reload();
        onThread.set(new OutOfMemoryError("no thread"));
        runTasks();
        endsWith(untold, OutOfMemoryError.class);
        assertThat(logged.lines())
                .containsExactly(
                        "WARN The configuration was not reloaded: java.lang.StackOverflowError",
                        "WARN The configuration was not reloaded: java.lang.OutOfMemoryError: no thread",
                        "WARN The configuration was not reloaded: java.lang.OutOfMemoryError: no thread");
        assertThat(reloaded().atOnce()).isEmpty();
    }

    private static void endsWith(CompletableFuture<ConfigChange> reload, Class<? extends Error> error) {
        assertThat(reload).isCompletedExceptionally();
        assertThatThrownBy(reload::get).cause().isInstanceOf(error);
    }

    private static void throwIfAny(@Nullable Error error) {
        if (error != null) {
            throw error;
        }
    }

    /** A level that was set by hand holds until the next reload. */
    @Test
    void everyReloadSetsTheLogLevel() throws Exception {
        reloaded();
        assertThat(levels).containsExactly(LogLevel.INFO);
    }
}
