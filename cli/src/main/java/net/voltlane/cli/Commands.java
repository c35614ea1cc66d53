package net.voltlane.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import net.voltlane.cli.ctl.CtlCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line for picocli: all commands, and their exit statuses (see {@link Exit}). */
@Command(
        name = "voltlane",
        description = "A connection server: many client connections in, one stream to the backend out.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class Commands implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    private Commands() {}

    /** Runs one command; returns its status. */
    static int execute(String[] args) {
        return commandLine(all(args), args).execute(args);
    }

    /** All commands, each with its name, in the order in which they are listed. */
    static Map<String, Supplier<Object>> all(String... args) {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("serve", () -> new ServeCommand(RealServer::start));
        commands.put("echo", EchoCommand::new);
        commands.put("connect", () -> new ConnectCommand(System.in, new FileOutputStream(FileDescriptor.out)));
        commands.put("demo", DemoCommand::new);
        commands.put("bench", BenchCommand::new);
        commands.put("ctl", () -> CtlCommand.commandLine(Path.of(""), System.getenv(), args));
        commands.put("healthcheck", HealthcheckCommand::new);
        commands.put("key", () -> KeyCommand.commandLine(Path.of(""), System.getenv()));
        commands.put("completion", () -> new CompletionCommand(() -> commandLine(all())));
        return commands;
    }

    /**
     * The command line that executes {@code args}. If they begin with a command, it has that command alone, because
     * creating the others takes time. Otherwise it has all commands, to list them or to suggest one.
     *
     * @param commands each with its name, in the order in which they are listed
     */
    static CommandLine commandLine(Map<String, Supplier<Object>> commands, String... args) {
        CommandLine commandLine = new CommandLine(new Commands());
        Supplier<Object> named = args.length == 0 ? null : commands.get(args[0]);
        if (named != null) {
            commandLine.addSubcommand(named.get());
        } else {
            commands.values().forEach(command -> commandLine.addSubcommand(command.get()));
            commandLine.addSubcommand(new CommandLine.HelpCommand());
            commandLine.addSubcommand(new VersionCommand());
        }
        return commandLine.setParameterExceptionHandler(usageError()).setExecutionExceptionHandler(internalError());
    }

    /** Runs if no subcommand is given. */
    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
    }

    /** Prints one line and where to read more. The whole help after every mistake would hide what is wrong. */
    private static IParameterExceptionHandler usageError() {
        return (e, args) -> {
            String command = e.getCommandLine().getCommandSpec().qualifiedName();
            e.getCommandLine().getErr().println(command + ": " + UsageErrors.words(e));
            CommandLine.UnmatchedArgumentException.printSuggestions(
                    e, e.getCommandLine().getErr());
            e.getCommandLine().getErr().println("Try: " + command + " --help");
            return Exit.USAGE;
        };
    }

    private static IExecutionExceptionHandler internalError() {
        return (e, commandLine, parsed) -> Voltlane.internalError(e, commandLine.getErr());
    }
}
