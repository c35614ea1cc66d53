package net.voltlane.cli;

import java.io.PrintWriter;
import java.util.function.Supplier;
import net.voltlane.cli.completion.FishScript;
import net.voltlane.cli.completion.ZshScript;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code voltlane completion SHELL}: a script that completes commands and options. */
@Command(
        name = "completion",
        description = "Print a script with which a shell completes the commands and options of voltlane.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {
            "",
            "bash: source <(voltlane completion bash)",
            "zsh:  source <(voltlane completion zsh)",
            "fish: voltlane completion fish | source",
            "Put that line into ~/.bashrc, ~/.zshrc or ~/.config/fish/config.fish to have it in every shell."
        })
final class CompletionCommand implements Runnable {
    /** The shells by the names of their programs. */
    enum Shell {
        bash,
        zsh,
        fish
    }

    @Parameters(paramLabel = "SHELL", description = "One of ${COMPLETION-CANDIDATES}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Shell shell;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    private final Supplier<CommandLine> whole;

    /** @param whole the command line with all commands */
    CompletionCommand(Supplier<CommandLine> whole) {
        this.whole = whole;
    }

    @Override
    public void run() {
        CommandLine commandLine = whole.get();
        String name = commandLine.getCommandName();
        PrintWriter out = spec.commandLine().getOut();
        out.print(
                switch (shell) {
                    case bash -> AutoComplete.bash(name, commandLine);
                    case zsh -> ZshScript.of(name, AutoComplete.bash(name, commandLine));
                    case fish -> FishScript.of(commandLine);
                });
        out.flush();
    }
}
