package net.voltlane.cli.manual;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Makes the manual page of one command, from what picocli knows of it, as {@code --help} does. */
public final class ManualPage {
    private static final String STATUS = "Exit status: ";
    private static final Pattern ENTRY = Pattern.compile(" +(\\S+) {2,}(.*)");

    private final CommandLine commandLine;
    private final CommandSpec spec;
    private final Roff roff = new Roff();

    private ManualPage(CommandLine commandLine) {
        this.commandLine = commandLine;
        spec = commandLine.getCommandSpec();
    }

    /**
     * The pages of a command and of all below it, each by the name of its file, such as {@code voltlane-serve.1}.
     *
     * @param version the program and its version, at the foot of every page
     */
    public static Map<String, String> all(CommandLine commandLine, String version) {
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put(name(commandLine) + ".1", new ManualPage(commandLine).text(version));
        commandLine.getSubcommands().values().forEach(sub -> pages.putAll(all(sub, version)));
        return pages;
    }

    private String text(String version) {
        roff.title(name(commandLine), version);
        roff.section("NAME").raw(Roff.escaped(name(commandLine)) + " \\- " + Roff.escaped(summary(commandLine)));
        roff.section("SYNOPSIS").raw(Roff.bold(spec.qualifiedName()) + " " + Roff.escaped(synopsis()));
        roff.section("DESCRIPTION");
        lines(spec.usageMessage().description()).forEach(this::description);
        arguments();
        commands();
        List<String> footer = new ArrayList<>(lines(spec.usageMessage().footer()));
        List<String> statuses =
                footer.stream().filter(line -> line.startsWith(STATUS)).toList();
        footer.removeAll(statuses);
        if (!footer.isEmpty()) {
            roff.section("NOTES");
            footer.forEach(roff::paragraph);
        }
        if (!statuses.isEmpty()) {
            roff.section("EXIT STATUS");
            statuses.forEach(status -> roff.paragraph(status.substring(STATUS.length())));
        }
        seeAlso();
        return roff.toString();
    }

    /** A paragraph, or an entry of a list: an indented word with what it means behind it. */
    private void description(String line) {
        Matcher entry = ENTRY.matcher(line);
        if (entry.matches()) {
            roff.entry(Roff.bold(entry.group(1)), entry.group(2));
        } else {
            roff.paragraph(line);
        }
    }

    private void arguments() {
        List<PositionalParamSpec> parameters = spec.positionalParameters().stream()
                .filter(parameter -> !parameter.hidden())
                .toList();
        List<OptionSpec> options =
                spec.options().stream().filter(option -> !option.hidden()).toList();
        if (parameters.isEmpty() && options.isEmpty()) {
            return;
        }
        roff.section("OPTIONS");
        for (PositionalParamSpec parameter : parameters) {
            roff.entry(Roff.italic(parameter.paramLabel()), words(parameter.description()));
        }
        for (OptionSpec option : options) {
            roff.entry(tag(option), words(option.description()));
        }
    }

    /** All names of an option, the short one first, and its value. */
    private static String tag(OptionSpec option) {
        String names = Stream.of(option.names()).map(Roff::bold).collect(Collectors.joining(", "));
        if (option.arity().max() == 0) {
            return names;
        }
        boolean isOptional = option.arity().min() == 0;
        String value = "=" + Roff.italic(option.paramLabel());
        return names + (isOptional ? "[" + value + "]" : value);
    }

    private void commands() {
        if (commandLine.getSubcommands().isEmpty()) {
            return;
        }
        roff.section("COMMANDS");
        commandLine.getSubcommands().values().forEach(sub -> roff.entry(reference(sub), sentence(summary(sub))));
    }

    private void seeAlso() {
        CommandLine parent = commandLine.getParent();
        if (parent != null) {
            roff.section("SEE ALSO").raw(reference(parent));
        }
    }

    private static String reference(CommandLine commandLine) {
        return Roff.bold(name(commandLine)) + "(1)";
    }

    /** The name of the page, such as {@code voltlane-ctl-sessions}. */
    private static String name(CommandLine commandLine) {
        return commandLine.getCommandSpec().qualifiedName("-");
    }

    /** The first sentence of the description, as the directory of manual pages lists it. */
    private static String summary(CommandLine commandLine) {
        List<String> description =
                lines(commandLine.getCommandSpec().usageMessage().description());
        String text = description.isEmpty() ? commandLine.getCommandName() : description.get(0);
        int end = text.indexOf(". ");
        String first = (end < 0 ? text : text.substring(0, end)).replaceAll("[.:]$", "");
        return first.substring(0, 1).toLowerCase(Locale.ROOT) + first.substring(1);
    }

    private static String sentence(String summary) {
        return summary.substring(0, 1).toUpperCase(Locale.ROOT) + summary.substring(1) + ".";
    }

    /** Options and arguments as {@code --help} shows them behind the name, on one line. */
    private String synopsis() {
        String synopsis = new Help(spec, Help.defaultColorScheme(Help.Ansi.OFF)).synopsis(0);
        return synopsis.replaceAll("\\s+", " ")
                .strip()
                .substring(spec.qualifiedName().length())
                .strip();
    }

    /** Joins lines to one text; indented ones, such as the forms of an address, stay lines. */
    private static String words(String[] description) {
        return lines(description).stream()
                .reduce((text, line) -> text + (line.startsWith(" ") ? "\n" + line.strip() : " " + line))
                .orElse("");
    }

    /** The lines that are not blank, without the marks for line ends that picocli's own help command has. */
    private static List<String> lines(String[] text) {
        return Stream.of(text)
                .map(line -> line.replace("%n", ""))
                .filter(line -> !line.isBlank())
                .toList();
    }
}
