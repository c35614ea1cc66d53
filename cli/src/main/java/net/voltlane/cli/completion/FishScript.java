package net.voltlane.cli.completion;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Makes the script for fish, a {@code complete} command for each command, option and choice of values. */
public final class FishScript {
    private final String name;
    private final StringBuilder script = new StringBuilder();
    private final TreeSet<String> withValue = new TreeSet<>();

    private FishScript(String name) {
        this.name = name;
    }

    /** The script for a command line with all its commands. */
    public static String of(CommandLine commandLine) {
        FishScript fish = new FishScript(commandLine.getCommandName());
        fish.command(commandLine, List.of());
        return fish.helpers() + fish.script;
    }

    /**
     * The functions behind the conditions. The words before the cursor, without options and their values, are the path of
     * commands.
     */
    private String helpers() {
        return """
                # Completion of NAME for fish.
                function __NAME_path
                    set -l words (commandline -opc)
                    set -l skip 1
                    for word in $words
                        if test $skip -eq 1
                            set skip 0
                        else if contains -- $word VALUED
                            set skip 1
                        else if not string match -q -- '-*' $word
                            echo $word
                        end
                    end
                end
                function __NAME_at
                    set -l path (__NAME_path)
                    test "$path" = "$argv"
                end
                function __NAME_in
                    set -l path (__NAME_path)
                    set -l count (count $argv)
                    test (count $path) -ge $count; and test "$path[1..$count]" = "$argv"
                end
                complete -c NAME -f
                """.replace("NAME", name).replace("VALUED", String.join(" ", withValue));
    }

    private void command(CommandLine commandLine, List<String> path) {
        CommandSpec spec = commandLine.getCommandSpec();
        commandLine.getSubcommands().forEach((word, sub) -> {
            line(
                    "at",
                    path,
                    "-a " + word + " -d "
                            + quoted(summary(sub.getCommandSpec().usageMessage().description())));
        });
        spec.options().stream().filter(option -> !option.hidden()).forEach(option -> option(option, path));
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            if (parameter.completionCandidates() != null) {
                line("at", path, "-a " + quoted(candidates(parameter)));
            }
        }
        commandLine.getSubcommands().forEach((word, sub) -> {
            List<String> below = new ArrayList<>(path);
            below.add(word);
            command(sub, below);
        });
    }

    private void option(OptionSpec option, List<String> path) {
        StringBuilder rest = new StringBuilder();
        for (String spelling : option.names()) {
            rest.append(spelling.startsWith("--") ? "-l " + spelling.substring(2) : "-s " + spelling.substring(1))
                    .append(' ');
        }
        if (option.arity().max() > 0) {
            withValue.addAll(List.of(option.names()));
            rest.append(isFile(option) ? "-r -F " : "-x ");
            if (option.completionCandidates() != null) {
                rest.append("-a ").append(quoted(candidates(option))).append(' ');
            }
        }
        line(path.isEmpty() ? "at" : "in", path, rest + "-d " + quoted(summary(option.description())));
    }

    private static boolean isFile(OptionSpec option) {
        return option.type() == Path.class || option.type() == File.class;
    }

    private static String candidates(ArgSpec argument) {
        return String.join(" ", argument.completionCandidates());
    }

    private void line(String condition, List<String> path, String rest) {
        String words = path.isEmpty() ? "" : " " + String.join(" ", path);
        script.append("complete -c ")
                .append(name)
                .append(" -n '__")
                .append(name)
                .append('_')
                .append(condition);
        script.append(words).append("' ").append(rest).append('\n');
    }

    /** The first sentence, without the marks of picocli's own variables. */
    private static String summary(String[] description) {
        String text = description.length == 0 ? "" : description[0];
        int end = text.indexOf(". ");
        String sentence = end < 0 ? text : text.substring(0, end);
        return sentence.replaceAll("\\$\\{[A-Z-]+}", "").replaceAll("[ :.]+$", "");
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
