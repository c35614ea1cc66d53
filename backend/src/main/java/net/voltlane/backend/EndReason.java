package net.voltlane.backend;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import net.voltlane.protocol.Reason;

/**
 * Why a session ended.
 *
 * @param text for people: the server's words, or this backend's where {@code local}
 * @param local whether this backend gave the session up by itself; if not, the connection server has ended it
 */
public record EndReason(String text, boolean local) {

    /**
     * The session's firehose was lost, and for {@link BackendOptions#orphanTimeout()} no other brought it back.
     */
    public static final EndReason ORPHANED = new EndReason("Connection server lost", true);

    /** Reasons are a few words; what is longer is somebody's mistake and need not be kept. */
    private static final int MAX_BYTES = 256;

    private static final Reason[] KNOWN = Reason.values();

    static EndReason decode(byte[] bytes, int offset, int length) {
        return new EndReason(new String(bytes, offset, Math.min(length, MAX_BYTES), StandardCharsets.UTF_8), false);
    }

    /**
     * The protocol's name for it.
     *
     * @return empty for {@link #ORPHANED} and for words that are newer than this library; both are ends like any other
     */
    public Optional<Reason> known() {
        for (Reason reason : KNOWN) {
            if (is(reason)) {
                return Optional.of(reason);
            }
        }
        return Optional.empty();
    }

    /**
     * Whether the server gave this reason.
     *
     * @param reason one of the protocol's
     * @return true if it is this one
     */
    public boolean is(Reason reason) {
        return !local && text.equals(reason.text());
    }
}
