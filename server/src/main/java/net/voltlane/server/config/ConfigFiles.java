package net.voltlane.server.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The only place where the configuration touches the disk. */
final class ConfigFiles {

    private static final String TEMPLATE = "connserver.toml";

    private ConfigFiles() {}

    /**
     * The text of a file, or null if it is not there or can't be read; the second is reported. A file that can't be
     * reached does not count as absent: it may hold limits that keep addresses out.
     *
     * @param name what errors call the file
     */
    static @Nullable String read(Path file, String name, Problems problems) {
        byte[] bytes = bytes(file, name, problems);
        return bytes == null ? null : decode(bytes, name, problems);
    }

    /** Reads likewise a file that other programs use too: bytes that are no text are replaced by U+FFFD. */
    static @Nullable String readShared(Path file, String name, Problems problems) {
        byte[] bytes = bytes(file, name, problems);
        return bytes == null ? null : withoutMark(new String(bytes, StandardCharsets.UTF_8));
    }

    private static byte @Nullable [] bytes(Path file, String name, Problems problems) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            String unreachable = unreachable(file);
            if (unreachable != null) {
                problems.error(name + ": can't be read: " + unreachable);
            }
            return null;
        } catch (IOException e) {
            problems.error(name + ": can't be read: " + reason(e));
            return null;
        }
    }

    /** The reason why a file that the system does not find may be there all the same, or null. */
    private static @Nullable String unreachable(Path file) {
        if (Files.isSymbolicLink(file)) {
            try {
                return "it is a link to " + Files.readSymbolicLink(file) + ", which is not there (a volume that is not"
                        + " mounted?)";
            } catch (IOException e) {
                return "it is a link, " + reason(e);
            }
        }
        return null;
    }

    /** The commented file that is written on the first start. */
    static String template() {
        try (InputStream in = ConfigFiles.class.getResourceAsStream(TEMPLATE)) {
            if (in == null) {
                throw new AssertionError("the jar lacks its template " + TEMPLATE);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Writes the template where nothing stands yet: whole or not at all, so that a crash or a full disk leaves no half
     * a file for the next start to trip over.
     *
     * @return null if it is there now, else why not
     */
    static @Nullable String writeTemplate(Path file) {
        Path draft = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
        try {
            Files.writeString(
                    draft,
                    template(),
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.SYNC);
            try {
                // Without REPLACE_EXISTING: a file that came up meanwhile is its owner's.
                Files.move(draft, file);
            } finally {
                Files.deleteIfExists(draft);
            }
            return null;
        } catch (IOException e) {
            return reason(e);
        }
    }

    private static @Nullable String decode(byte[] bytes, String name, Problems problems) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        String text = out.flip().toString();
        if (result.isError()) {
            problems.error(name + ":" + (1 + text.chars().filter(c -> c == '\n').count()) + ": not UTF-8 text");
            return null;
        }
        return withoutMark(text);
    }

    /** Some editors put a byte order mark first; it says nothing in UTF-8. */
    private static String withoutMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** The JDK's exceptions tell the common cases by their type, and have no text for them. */
    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        } else if (e instanceof FileAlreadyExistsException) {
            return "something is in its place";
        } else if (e instanceof NoSuchFileException) {
            return "its folder is not there";
        } else if (e instanceof FileSystemException known && known.getReason() != null) {
            return known.getReason();
        }
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
