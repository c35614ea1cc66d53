package net.voltlane.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line: what there is, and what comes back to the shell (see {@link Exit}). */
@Command(
        name = "voltlane",
        description = "A connection server: many client connections in, one stream to the backend out.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class Voltlane implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    private Voltlane() {}

    /** Runs one command and ends the process with its status. Standard output is raw where errors in writing count. */
    public static void main(String[] args) {
        int status = commandLine(List.of(
                        new ServeCommand(RealServer::start),
                        new EchoCommand(),
                        new ConnectCommand(System.in, new FileOutputStream(FileDescriptor.out)),
                        new DemoCommand(),
                        new BenchCommand()))
                .execute(args);
        // Whatever threads are left, the command is done.
        System.exit(status);
    }

    /** The command with the given subcommands. */
    static CommandLine commandLine(List<?> subcommands) {
        CommandLine commandLine = new CommandLine(new Voltlane());
        subcommands.forEach(commandLine::addSubcommand);
        return commandLine.setParameterExceptionHandler(usageError()).setExecutionExceptionHandler(internalError());
    }

    /** Without a subcommand. */
    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
    }

    /** One line, and where to read more: the whole help after every slip would hide what is wrong. */
    private static IParameterExceptionHandler usageError() {
        return (e, args) -> {
            String command = e.getCommandLine().getCommandSpec().qualifiedName();
            e.getCommandLine().getErr().println(command + ": " + e.getMessage());
            CommandLine.UnmatchedArgumentException.printSuggestions(
                    e, e.getCommandLine().getErr());
            e.getCommandLine().getErr().println("Try: " + command + " --help");
            return Exit.USAGE;
        };
    }

    /** What gets here is a mistake of ours. The place in the code says more than a page of frames would. */
    private static IExecutionExceptionHandler internalError() {
        return (e, commandLine, parsed) -> {
            StackTraceElement[] frames = e.getStackTrace();
            commandLine
                    .getErr()
                    .println("voltlane: internal error, please report it: " + e
                            + (frames.length == 0 ? "" : " at " + frames[0]));
            return Exit.FAILED;
        };
    }
}
