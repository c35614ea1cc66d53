package net.voltlane.examples.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;

/**
 * A packet from the backend: something that has happened in the room. Packets from clients are lines of text.
 *
 * <p>On the wire it is UTF-8 text of four lines: kind, time, name and text, such as
 * {@code said\n1795900000000\nann\nhello}. The last two may be empty.
 *
 * @param kind what has happened
 * @param atMillis when, in milliseconds since 1970
 * @param name the user that it is about
 * @param text the user's line for {@link Kind#SAID}, {@code away} for {@link Kind#HERE} if the user is away, the
 *     backend's reason for {@link Kind#REFUSED}, otherwise empty
 */
record Event(Kind kind, long atMillis, String name, String text) {

    /** The text of {@link Kind#HERE} for a user that has lost the connection. */
    static final String IS_AWAY = "away";

    /** The kinds of events. On the wire their names are in lower case. */
    enum Kind {
        /** Told to a user that enters: another user is in the room. */
        HERE,
        /** A user has entered. */
        JOINED,
        /** A user has said a line. */
        SAID,
        /** A user has lost the connection, and may return. */
        AWAY,
        /** A user has a connection again. */
        BACK,
        /** A user has left, or was away for too long. */
        LEFT,
        /** The backend does not let this user in. */
        REFUSED
    }

    byte[] encode() {
        return String.join("\n", kind.name().toLowerCase(Locale.ROOT), Long.toString(atMillis), name, text)
                .getBytes(UTF_8);
    }

    static Event decode(byte[] packet) {
        String[] fields = new String(packet, UTF_8).split("\n", 4);
        return new Event(
                Kind.valueOf(fields[0].toUpperCase(Locale.ROOT)), Long.parseLong(fields[1]), fields[2], fields[3]);
    }

    /** The line that a terminal shows. */
    String line() {
        return switch (kind) {
            case HERE -> "* " + name + (text.equals(IS_AWAY) ? " is here, but away at present" : " is here");
            case JOINED -> "* " + name + " has joined";
            case SAID -> name + ": " + text;
            case AWAY -> "* " + name + " is away";
            case BACK -> "* " + name + " is back";
            case LEFT -> "* " + name + " has left";
            case REFUSED -> "* " + text;
        };
    }
}
