package net.voltlane.cli;

import java.util.regex.Pattern;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Picocli's messages about a wrong command line, in words of this program's users. */
final class UsageErrors {
    private static final Pattern PLACE = Pattern.compile("positional parameter at index \\d+ \\(([A-Z]+)\\)");
    private static final Pattern WHOLE = Pattern.compile(" is not an? (?:int|long)$");
    private static final Pattern NUMBER = Pattern.compile(" is not a (?:double|float)$");

    private UsageErrors() {}

    /** The message on one line, with the wrong word and, if known, what was expected. */
    static String words(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
            String word = unmatched.getUnmatched().get(0);
            return e.getCommandLine().getSubcommands().isEmpty()
                    ? "unexpected argument '" + word + "'"
                    : "there is no command '" + word + "'";
        }
        String message = PLACE.matcher(String.valueOf(e.getMessage())).replaceAll("$1");
        message = WHOLE.matcher(message).replaceFirst(" (expected: a whole number)");
        return NUMBER.matcher(message).replaceFirst(" (expected: a number)");
    }
}
