package net.voltlane.cli.bench;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The file of a report. */
public final class ReportFile {

    private ReportFile() {}

    /**
     * Checks that the file can be written, before a run that may take long. Its content stays as it is.
     *
     * @throws IOException if it can't; the message says why
     */
    public static void check(Path file) throws IOException {
        boolean wasThere = Files.exists(file);
        try {
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .close();
        } catch (IOException e) {
            throw new IOException(why(file, e), e);
        }
        if (!wasThere) {
            Files.deleteIfExists(file.toRealPath()); // a link stays, and leads to nothing again
        }
    }

    /**
     * Writes the report; what was in the file before is gone.
     *
     * @throws IOException if it can't be written; the message says why
     */
    public static void write(Path file, String text) throws IOException {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new IOException(why(file, e), e);
        }
    }

    /** The JDK's exceptions tell the common cases by their type, and have no text for them. */
    private static String why(Path file, IOException e) {
        if (Files.isDirectory(file)) {
            return "it is a folder";
        } else if (e instanceof NoSuchFileException) {
            return "its folder is not there";
        } else if (e instanceof AccessDeniedException) {
            return "permission denied";
        } else if (e instanceof FileSystemException known && known.getReason() != null) {
            return known.getReason();
        }
        return String.valueOf(e.getMessage());
    }
}
