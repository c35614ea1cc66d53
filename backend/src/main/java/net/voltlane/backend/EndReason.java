package net.voltlane.backend;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import net.voltlane.protocol.Reason;

/**
 * The reason why a session ended.
 *
 * @param text a text for people, by the server, or by this backend if {@code local}
 * @param local whether this backend gave the session up; otherwise the connection server has ended it
 */
public record EndReason(String text, boolean local) {

    /**
     * The session's firehose was lost, and no other has brought the session back within
     * {@link BackendOptions#orphanTimeout()}.
     */
    public static final EndReason ORPHANED = new EndReason("Connection server lost", true);

    /** The longest text that is kept. Reasons are a few words; a longer one is a mistake of the sender. */
    private static final int MAX_BYTES = 256;

    private static final Reason[] KNOWN = Reason.values();

    static EndReason decode(byte[] bytes, int offset, int length) {
        return new EndReason(new String(bytes, offset, Math.min(length, MAX_BYTES), StandardCharsets.UTF_8), false);
    }

    /**
     * Returns the protocol's constant for this reason.
     *
     * @return empty for {@link #ORPHANED}, and for reasons that are newer than this library; both are ends like any
     *     other
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
     * Tells whether the server gave this reason.
     *
     * @param reason a reason of the protocol
     * @return true if it is this one
     */
    public boolean is(Reason reason) {
        return !local && text.equals(reason.text());
    }
}
