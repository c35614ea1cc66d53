package net.voltlane.protocol;

import java.io.UncheckedIOException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The reason for an exception of a socket or a file, in the operating system's own words, such as {@code connection
 * refused}. The exceptions tell it in many ways: some have no message, some have nothing but a path, and those of Netty's
 * native transports put a number and an address around the reason.
 */
public final class SystemWords {
    private static final String NO_FAMILY = "no IPv6 on this machine";

    /** {@code finishConnect(..) failed with error(-111): Connection refused: /127.0.0.1:42001} */
    private static final Pattern CALL =
            Pattern.compile("^(?:io_uring )?\\w+\\(\\.\\.\\) failed(?: with error\\(-?[0-9]+\\))?: ");

    private static final Pattern ADDRESS = Pattern.compile(": [^ ]*/[^ ]*$");
    private static final Pattern FAMILY =
            Pattern.compile("(?i)address family not supported.*|protocol family (unavailable|not supported)");

    private SystemWords() {}

    /** Returns the reason in a few words that fit into a sentence: never null, empty, or a path alone. */
    public static String of(Throwable thrown) {
        if (thrown instanceof NoRouteToHostException) {
            return "no route to host";
        } else if (thrown instanceof UnsupportedAddressTypeException) {
            return NO_FAMILY;
        } else if (thrown instanceof UnknownHostException || thrown instanceof UnresolvedAddressException) {
            return "unknown host";
        } else if (thrown instanceof ClosedChannelException) {
            return "connection closed";
        } else if (thrown instanceof FileSystemException of) {
            return of(of);
        } else if (thrown instanceof UncheckedIOException around && around.getCause() != null) {
            return of(around.getCause());
        }
        String message = thrown.getMessage();
        if (message == null || message.isBlank()) {
            return thrown.getCause() == null ? named(thrown) : of(thrown.getCause());
        }
        return words(message);
    }

    private static String of(FileSystemException thrown) {
        if (thrown instanceof NoSuchFileException) {
            return "no such file or folder";
        } else if (thrown instanceof AccessDeniedException) {
            return "permission denied";
        } else if (thrown instanceof FileAlreadyExistsException) {
            return "a file of that name is there already";
        } else if (thrown instanceof NotDirectoryException) {
            return "not a folder";
        } else if (thrown instanceof FileSystemLoopException) {
            return "a loop of links";
        }
        String reason = thrown.getReason();
        return reason == null || reason.isBlank() ? named(thrown) : uncapitalized(reason);
    }

    private static String words(String message) {
        Matcher call = CALL.matcher(message);
        String said = call.find() ? message.substring(call.end()) : message;
        Matcher address = ADDRESS.matcher(said);
        said = address.find() ? said.substring(0, address.start()) : said;
        return FAMILY.matcher(said).matches() ? NO_FAMILY : uncapitalized(said);
    }

    /** Returns the exception's name as words, such as {@code already connected}, if it tells nothing else. */
    private static String named(Throwable thrown) {
        String name = thrown.getClass().getSimpleName().replaceAll("(Exception|Error)$", "");
        return name.isEmpty()
                ? "unknown reason"
                : name.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }

    private static String uncapitalized(String text) {
        boolean isWord = text.length() > 1 && Character.isLowerCase(text.charAt(1));
        return isWord ? Character.toLowerCase(text.charAt(0)) + text.substring(1) : text;
    }
}
