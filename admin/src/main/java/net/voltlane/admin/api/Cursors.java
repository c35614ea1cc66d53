package net.voltlane.admin.api;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import net.voltlane.admin.http.ProblemException;
import net.voltlane.server.address.Cidr;
import net.voltlane.server.guard.Ban;
import net.voltlane.server.session.SessionCursor;
import org.jspecify.annotations.Nullable;

/**
 * The texts of cursors. A text holds for this server, and for one question: a page of another question behind it would
 * leave sessions out. Immutable.
 */
final class Cursors {
    private static final int MAX_CHARS = 200;

    private final long server;

    /** @param server a random number, so that a cursor from before a restart is refused */
    Cursors(long server) {
        this.server = server;
    }

    /** @param question what else was asked for */
    String text(SessionCursor cursor, Object question) {
        return text(head(question, 2 * Long.BYTES).putLong(cursor.place()).putLong(cursor.at()));
    }

    String text(Ban.Place place) {
        byte[] network = place.network().toString().getBytes(StandardCharsets.US_ASCII);
        return text(head(Ban.class.getName(), 1 + network.length)
                .put((byte) place.cause().ordinal())
                .put(network));
    }

    /**
     * Reads the cursor of a page of sessions.
     *
     * @return null where there is none
     * @throws ProblemException 400 for a text that was not made by this server for this question
     */
    @Nullable
    SessionCursor session(@Nullable String text, Object question) {
        ByteBuffer bytes = read(text, question);
        if (bytes == null) {
            return null;
        }
        try {
            SessionCursor cursor = new SessionCursor(bytes.getLong(), bytes.getLong());
            if (!bytes.hasRemaining()) {
                return cursor;
            }
        } catch (BufferUnderflowException e) {
            // the same answer
        }
        throw unknown();
    }

    /** Reads the cursor of a page of bans, likewise. */
    Ban.@Nullable Place ban(@Nullable String text) {
        ByteBuffer bytes = read(text, Ban.class.getName());
        if (bytes == null) {
            return null;
        }
        if (bytes.hasRemaining()) {
            int cause = bytes.get();
            Cidr network = Cidr.parse(StandardCharsets.US_ASCII.decode(bytes).toString());
            if (network != null && cause >= 0 && cause < Ban.Cause.values().length) {
                return new Ban.Place(Ban.Cause.values()[cause], network);
            }
        }
        throw unknown();
    }

    /** A 400 for a cursor that is not, or no longer, known. */
    static ProblemException unknown() {
        return Parameters.wrong(
                "cursor: unknown or expired (expected: the \"next\" of the page before, with the same other parameters)");
    }

    private ByteBuffer head(Object question, int more) {
        return ByteBuffer.allocate(Long.BYTES + Integer.BYTES + more)
                .putLong(server)
                .putInt(question.toString().hashCode());
    }

    private static String text(ByteBuffer bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    private @Nullable ByteBuffer read(@Nullable String text, Object question) {
        if (text == null) {
            return null;
        }
        try {
            if (text.length() <= MAX_CHARS) {
                ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
                if (bytes.getLong() == server
                        && bytes.getInt() == question.toString().hashCode()) {
                    return bytes;
                }
            }
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            // the same answer
        }
        throw unknown();
    }
}
