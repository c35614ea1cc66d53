package net.voltlane.cli.ctl;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import net.voltlane.cli.ctl.client.ApiClient;
import net.voltlane.cli.ctl.client.ApiException;
import net.voltlane.cli.ctl.client.TargetFinder;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ConfigLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code voltlane ctl}: the options that all its subcommands share. */
@Command(
        name = "ctl",
        description = "Look at a running server, and change it, by its admin server.",
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        footer = {
            "",
            "Looking is free on the server's own machine. Changes, and looking from elsewhere, need the token that the"
                    + " server has in its file admin.token.",
            "Exit status: 0 fine, 1 failed, 2 usage, 78 configuration."
        })
public final class CtlCommand implements Runnable {
    @Option(
            names = "--address",
            paramLabel = "ADDR",
            scope = ScopeType.INHERIT,
            converter = AdminAddress.class,
            description = "The admin server, such as 192.0.2.1:42002 (default: admin.address of the configuration).")
    private @Nullable Address address;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description =
                    "File with the admin server's token (default: admin.token_file of the configuration, for servers"
                            + " on this machine).")
    private @Nullable Path tokenFile;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Configuration file of the server (default: " + ConfigLoader.DEFAULT_FILE
                    + " in the working directory).")
    private @Nullable Path config;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Print the server's answer as it is: one JSON document.")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help message and exit.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    private final TargetFinder finder;

    private CtlCommand(Path directory, Map<String, String> environment) {
        finder = new TargetFinder(directory, environment);
    }

    /**
     * The command with those of its subcommands that {@code args} name, because creating the others takes time. If they
     * name none, it has all, to list them or to suggest one.
     *
     * @param directory the working directory
     * @param environment the variables of the process
     */
    public static CommandLine commandLine(Path directory, Map<String, String> environment, String... args) {
        CommandLine commandLine = new CommandLine(new CtlCommand(directory, environment));
        Map<String, Supplier<Object>> all = subcommands();
        List<String> named = Arrays.stream(args).filter(all::containsKey).toList();
        all.forEach((name, made) -> {
            if (named.isEmpty() || named.contains(name)) {
                commandLine.addSubcommand(made.get());
            }
        });
        return commandLine;
    }

    private static Map<String, Supplier<Object>> subcommands() {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("status", StatusCommand::new);
        commands.put("top", TopCommand::new);
        commands.put("sessions", SessionsCommand::new);
        commands.put("session", SessionCommand::new);
        commands.put("kick", KickCommand::new);
        commands.put("bans", BansCommand::new);
        commands.put("ban", BanCommand::new);
        commands.put("unban", UnbanCommand::new);
        commands.put("limits", LimitsCommand::new);
        commands.put("fleet", FleetCommand::new);
        commands.put("events", EventsCommand::new);
        commands.put("log-level", LogLevelCommand::new);
        commands.put("config", ConfigCommand::new);
        commands.put("reload", ReloadCommand::new);
        commands.put("drain", DrainCommand::new);
        return commands;
    }

    /** Runs if no subcommand is given. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    /** True if documents are to be printed in place of text. */
    boolean isJson() {
        return json;
    }

    /**
     * A client of the server that the command line or the configuration names.
     *
     * @throws ApiException if they name none
     */
    ApiClient client() throws ApiException {
        return client(ApiClient.TIMEOUT_MILLIS);
    }

    /** A client with another time limit for each request. */
    ApiClient client(int timeoutMillis) throws ApiException {
        return new ApiClient(finder.find(new TargetFinder.Named(config, address, tokenFile)), timeoutMillis);
    }
}
