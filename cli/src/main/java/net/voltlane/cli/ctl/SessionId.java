package net.voltlane.cli.ctl;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The id of a session on the command line. It stays text, as in the API: it goes up to 2^64. */
final class SessionId implements ITypeConverter<String> {

    @Override
    public String convert(String text) {
        if (!text.matches("[0-9]{1,20}")) {
            throw new TypeConversionException("'" + text + "' (expected: the id of a session, such as 42)");
        }
        return text;
    }
}
