package net.voltlane.server.link;

import java.util.regex.Pattern;

/** The operating system's own words for what broke a link, without what Netty puts around them. */
public final class SystemWords {
    /** Such as {@code recvAddress(..) failed with error(-104): Connection reset by peer}. */
    private static final Pattern CALL = Pattern.compile("^\\w+\\(\\.\\.\\) failed(?: with error\\(-?\\d+\\))?: ");

    private SystemWords() {}

    /** Never empty: an exception without a message is told by its type. */
    public static String of(Throwable cause) {
        Throwable told = cause;
        while (told.getMessage() == null && told.getCause() != null) {
            told = told.getCause();
        }
        String message = told.getMessage();
        return message == null || message.isBlank()
                ? told.getClass().getSimpleName()
                : CALL.matcher(message).replaceFirst("");
    }
}
