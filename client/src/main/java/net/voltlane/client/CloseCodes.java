package net.voltlane.client;

import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.CloseCode;
import net.voltlane.protocol.link3.Close;

/**
 * The meaning of a server's Close for this client.
 *
 * <pre>
 *  code                      on a live link            in the handshake of a resume
 *  1 kicked                  KICKED, the end           believed after a few attempts
 *  2 no session              SESSION_GONE              believed after a few attempts; the state is kept
 *  3 gap                     GAP                       believed after a few attempts; the state is kept
 *  4, 5 overflow             OVERFLOW                  believed after a few attempts
 *  6, 9 memory, rate         MEMORY, RATE              believed after a few attempts
 *  7, 8 too large, violation the end                   believed after a few attempts
 *  10 stopping               STOPPING                  tried again until the time is over
 *  11 busy                   resumed                   tried again after retry-after
 *  12 taken over             TAKEN_OVER, the end       believed after a few attempts
 *  13 silent                 resumed                   tried again
 *  14 version                resumed                   believed after a few attempts
 *  15 to 17 left, away       SESSION_GONE              believed after a few attempts
 *  others                    resumed once, then SESSION_GONE
 * </pre>
 */
final class CloseCodes {

    /** The longest time that a server may keep a client away: its word is not authenticated. */
    static final long MAX_RETRY_AFTER_NANOS = TimeUnit.MINUTES.toNanos(5);

    private static final int MAX_TEXT_CHARS = 1024;

    private CloseCodes() {}

    /** Returns the exception for a Close. Its reason says what follows. */
    static ClientException exception(Close close) {
        CloseCode known = close.known();
        if (known == null) {
            return closed(CloseReason.HUNG_UP, "closed the link for a reason that this client does not know", close);
        }
        return switch (known) {
            case NO_SESSION, LEFT, DISCONNECTED, EVICTED ->
                new SessionGoneException(
                        sentence("does not know the session: it has ended, or its server has started anew", close),
                        null);
            case GAP -> new GapException(sentence("says that packets are missing", close), null, false);
            case TAKEN_OVER ->
                new TakenOverException(
                        sentence("has given the session to another link, which has its key", close), null);
            case SILENT ->
                new HandshakeTimeoutException(sentence("has heard nothing of this client for too long", close), null);
            case KICKED -> closed(CloseReason.KICKED, "has ended the session: it was kicked", close);
            case OVERFLOW, MISSED_OVERFLOW ->
                closed(CloseReason.OVERFLOW, "kept too much for this client, which did not take it", close);
            case MEMORY -> closed(CloseReason.MEMORY, "is short of memory", close);
            case FRAME_TOO_LARGE -> closed(CloseReason.FRAME_TOO_LARGE, "refuses a packet that is too long", close);
            case VIOLATION -> closed(CloseReason.VIOLATION, "refuses what this client has sent", close);
            case RATE -> closed(CloseReason.RATE, "refuses so much in a second", close);
            case STOPPING -> closed(CloseReason.STOPPING, "is stopping", close);
            case BUSY -> closed(CloseReason.BUSY, "is too busy", close);
            case VERSION -> closed(CloseReason.VERSION, "does not serve version 3 of the protocol", close);
        };
    }

    /** Tells whether the link may be made again: the session was not said to be over. */
    static boolean keepsSession(Close close) {
        CloseCode known = close.known();
        return known == CloseCode.BUSY || known == CloseCode.SILENT || known == CloseCode.VERSION;
    }

    /** Returns the time to wait before the next attempt; 0 if the server named none. */
    static long retryAfterNanos(Throwable failure) {
        return failure instanceof ClosedByServerException closed
                ? Math.min(closed.retryAfter().toNanos(), MAX_RETRY_AFTER_NANOS)
                : 0;
    }

    /** Returns a server's text without control characters, which would disturb a log or a terminal. */
    static String printable(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints()
                .limit(MAX_TEXT_CHARS)
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? ' ' : c)
                .forEach(out::appendCodePoint);
        return out.toString().strip();
    }

    private static ClosedByServerException closed(CloseReason reason, String what, Close close) {
        return new ClosedByServerException(reason, sentence(what, close), close);
    }

    private static String sentence(String what, Close close) {
        String text = printable(close.text());
        return "the server " + what + " (code " + close.code() + (text.isEmpty() ? ")" : ": " + text + ")");
    }
}
