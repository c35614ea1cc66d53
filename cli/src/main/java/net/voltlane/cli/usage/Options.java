package net.voltlane.cli.usage;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Errors about values on the command line that picocli lets pass, in picocli's own words. */
public final class Options {

    private Options() {}

    /**
     * Creates the error for the value of an option.
     *
     * @param option with its dashes
     * @param problem the value, and what was expected: {@code 0 (expected: a whole number from 1)}
     */
    public static ParameterException invalid(CommandSpec command, String option, @Nullable String problem) {
        return invalidAt(command, "option '" + option + "'", problem);
    }

    /**
     * Creates the error for a value that is no option's.
     *
     * @param place the name of the value in the usage, such as {@code LEVEL}
     * @param problem as in {@link #invalid}
     */
    public static ParameterException invalidAt(CommandSpec command, String place, @Nullable String problem) {
        return new ParameterException(command.commandLine(), "Invalid value for " + place + ": " + problem);
    }
}
