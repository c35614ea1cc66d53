package net.voltlane.cli;

import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code voltlane key}: the server's key, by which clients recognise it. */
@Command(
        name = "key",
        description = "Look at the server's key, by which clients recognise it.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class KeyCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    private KeyCommand() {}

    /**
     * The command with its subcommands.
     *
     * @param directory the working directory
     * @param environment the variables of the process
     */
    static CommandLine commandLine(Path directory, Map<String, String> environment) {
        return new CommandLine(new KeyCommand()).addSubcommand(new KeyShowCommand(directory, environment));
    }

    /** Runs if no subcommand is given. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
