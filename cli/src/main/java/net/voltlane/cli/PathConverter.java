package net.voltlane.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The path of a file on the command line. */
final class PathConverter implements ITypeConverter<Path> {

    @Override
    public Path convert(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new TypeConversionException(
                    "'" + text + "' (expected: the path of a file; where it has letters beyond"
                            + " ASCII, the locale must be one of UTF-8, such as LC_ALL=C.UTF-8)");
        }
    }
}
