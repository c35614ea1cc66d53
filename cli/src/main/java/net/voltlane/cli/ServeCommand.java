package net.voltlane.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import net.voltlane.admin.server.AdminServer;
import net.voltlane.admin.server.AdminStartException;
import net.voltlane.admin.server.TokenFile;
import net.voltlane.cli.systemd.ServiceManager;
import net.voltlane.server.StartException;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ConfigException;
import net.voltlane.server.config.ConfigLoader;
import net.voltlane.server.config.ConfigRequest;
import net.voltlane.server.config.General;
import net.voltlane.server.config.LoadedConfig;
import net.voltlane.server.config.LogFormat;
import net.voltlane.server.config.LogLevel;
import net.voltlane.server.log.LogEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code voltlane serve}: the connection server. */
@Command(
        name = "serve",
        description = "Run the connection server.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {
            "",
            "Settings come from the file, then .env, then the environment, then these options; each overrides those"
                    + " before it. The first start writes " + ConfigLoader.DEFAULT_FILE
                    + " with all of them explained.",
            "TERM or INT (Ctrl-C) stops it in order, a second INT at once. HUP reads the configuration again.",
            "Exit status: 0 fine, 1 failed while running, 2 usage, 78 configuration."
        })
final class ServeCommand implements Callable<Integer> {

    private static final Logger log = LoggerFactory.getLogger(ServeCommand.class);

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            converter = PathConverter.class,
            description = "Configuration file (default: " + ConfigLoader.DEFAULT_FILE
                    + " in the working directory, written there if it is missing). A file that you name must exist.")
    private @Nullable Path file;

    @Option(
            names = "--listen",
            paramLabel = "ADDR",
            converter = AddressConverter.Listened.class,
            description = "Address to listen on for clients, such as 0.0.0.0:42000 or unix:/run/voltlane.sock.")
    private @Nullable Address listen;

    @Option(
            names = "--master",
            paramLabel = "ADDR",
            converter = AddressConverter.Master.class,
            description = "Address of the backend, such as 127.0.0.1:42001 or unix:/run/backend.sock.")
    private @Nullable Address master;

    @Option(
            names = {"-t", "--check"},
            description = "Check the configuration and exit; writes nothing.")
    private boolean check;

    @Option(
            names = "--print-config",
            description = "Print all settings, each with where its value comes from, and exit; writes nothing.")
    private boolean printConfig;

    /** Set by picocli, where it is used. */
    @Spec
    private @Nullable CommandSpec spec;

    private final RunningServer.Starter starter;
    private final Path directory;
    private final Map<String, String> environment;

    /** As the shell calls it: in the process's working directory and environment. */
    ServeCommand(RunningServer.Starter starter) {
        // A copy is a map of a usual kind, whose views need not be loaded at every start.
        this(starter, Path.of(""), new HashMap<>(System.getenv()));
    }

    ServeCommand(RunningServer.Starter starter, Path directory, Map<String, String> environment) {
        this.starter = starter;
        this.directory = directory;
        this.environment = environment;
    }

    /**
     * Sets the plainest of options, each a word of its own before its value, as picocli would, but in no time: picocli
     * takes a third of a start. Whatever is unusual or wrong is left to picocli.
     *
     * @param options what stands behind {@code serve}
     * @return false if picocli has to have a look; this command is then of no use
     */
    boolean setPlain(List<String> options) {
        for (int i = 0; i < options.size(); i += 2) {
            if (i + 1 == options.size() || !setPlain(options.get(i), options.get(i + 1))) {
                return false;
            }
        }
        return true;
    }

    /** False if this is not plain, or not right. */
    private boolean setPlain(String option, String value) {
        // Picocli takes what begins like this for an option, for a file of options, or for text in quotes.
        if (value.isEmpty() || "-@\"'".indexOf(value.charAt(0)) >= 0) {
            return false;
        }
        try {
            switch (option) {
                case "-c", "--config" -> {
                    if (file != null) {
                        return false;
                    }
                    file = Path.of(value);
                }
                case "--listen" -> {
                    if (listen != null) {
                        return false;
                    }
                    listen = Address.parse(value);
                }
                case "--master" -> {
                    if (master != null) {
                        return false;
                    }
                    master = Address.parse(value);
                    return master.isUnix() || master.port() != 0;
                }
                default -> {
                    return false;
                }
            }
            return true;
        } catch (IllegalArgumentException wrong) {
            return false;
        }
    }

    /** The options as text, for tests. */
    @Override
    public String toString() {
        return "serve[config=" + file + ", listen=" + listen + ", master=" + master + ", check=" + check + ", print="
                + printConfig + "]";
    }

    @Override
    @SuppressWarnings("try") // logging is on for as long as the block runs; nobody has to name it
    public Integer call() throws InterruptedException {
        LoadedConfig loaded;
        try {
            loaded = load(!check && !printConfig);
        } catch (ConfigException e) {
            return wrong(e.lines(), e.logFormat());
        }
        if (printConfig || check) {
            print(loaded.warnings());
            print(loaded.notes());
            if (check) {
                try {
                    print(VoltlaneServer.check(loaded.config()));
                    print(List.of(TokenFile.check(loaded.config().admin())));
                } catch (StartException | AdminStartException e) {
                    return wrong(
                            List.of(String.valueOf(e.getMessage())),
                            loaded.config().general().logFormat());
                }
            }
            PrintWriter out = spec == null
                    ? new PrintWriter(System.out)
                    : spec.commandLine().getOut();
            out.print(printConfig ? loaded.printed() : "The configuration is in order.\n");
            out.flush();
            return Exit.FINE;
        }
        General general = loaded.config().general();
        try (Logging logging = Logging.start(general.logLevel(), general.logFormat())) {
            StartLines.tell(loaded);
            return serve(loaded, logging);
        }
    }

    /** Tells what is wrong in the form of the log's lines, for its readers. */
    @SuppressWarnings("try") // logging is on for as long as the block runs; nobody has to name it
    private int wrong(List<String> lines, LogFormat format) {
        if (format == LogFormat.JSON) {
            try (Logging logging = Logging.start(LogLevel.ERROR, format)) {
                lines.forEach(line -> LogEvent.CONFIGURATION_WRONG.on(log).log(line));
            }
        } else {
            print(lines);
        }
        return Exit.CONFIGURATION;
    }

    private LoadedConfig load(boolean writeDefault) throws ConfigException {
        return ConfigLoader.load(new ConfigRequest(directory, file, environment, listen, master, writeDefault));
    }

    private int serve(LoadedConfig loaded, Logging logging) throws InterruptedException {
        try (AdminServer admin = AdminServer.open(loaded.config().admin())) {
            CompletableFuture<Operations> started = new CompletableFuture<>();
            // Taken before there is a server: a signal that comes while it starts takes effect right after.
            Signals.serve(() -> started.thenAccept(Operations::drain), () -> started.thenAccept(Operations::reload));
            RunningServer server = starter.start(loaded.config());
            Operations operations = new Operations(
                    server,
                    new ConfigInEffect(loaded, () -> load(false), server::reload, logging::level),
                    ServiceManager.of(environment));
            operations.begin();
            started.complete(operations);
            if (admin != null && server.server() != null) {
                admin.start(new ServeHost(server.server(), logging, operations));
            }
            server.ended().toCompletableFuture().get();
            return Exit.FINE;
        } catch (StartException e) {
            int status = failed(loaded, e);
            return e.isConfiguration() ? Exit.CONFIGURATION : status;
        } catch (AdminStartException e) {
            int status = failed(loaded, e);
            return e.isConfiguration() ? Exit.CONFIGURATION : status;
        } catch (ExecutionException e) {
            return failed(loaded, e.getCause() == null ? e : e.getCause());
        }
    }

    /** Prints the last line for the operator, even where logging is off. */
    private int failed(LoadedConfig loaded, Throwable cause) {
        String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        if (loaded.config().general().logLevel() == LogLevel.OFF) {
            print(List.of(message));
        } else {
            LogEvent.FAILED.on(log).log(message);
        }
        return Exit.FAILED;
    }

    private void print(List<String> lines) {
        PrintWriter err = spec == null
                ? new PrintWriter(System.err, true)
                : spec.commandLine().getErr();
        lines.forEach(err::println);
    }
}
