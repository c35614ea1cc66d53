package net.voltlane.backend;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import net.voltlane.protocol.CloseCode;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.firehose3.Ended;

/**
 * The reason why a session ended, and on a firehose 3 the counts at its end.
 *
 * @param text a text for people, by the server, or by this backend if {@code local}; after a kick on a firehose 3 the text
 *     that was given to {@link Session#kick(String)}
 * @param local whether this backend gave the session up; otherwise the connection server has ended it
 * @param code the protocol's number of the reason, as in {@link CloseCode}; 0 if none was given, as on a firehose 2
 * @param taken the number of packets that the client has sent in this session; -1 if that was not told, as on a firehose 2
 * @param delivered the number of packets that the client has acknowledged; -1 if that was not told, as on a firehose 2
 */
public record EndReason(String text, boolean local, int code, long taken, long delivered) {

    /**
     * The session's firehose was lost, and no other has brought the session back within
     * {@link BackendOptions#orphanTimeout()}.
     */
    public static final EndReason ORPHANED = new EndReason("Connection server lost", true);

    /**
     * The server has ended the session while it spoke to another backend process, so nobody has told this one why. Only on
     * a firehose 3.
     */
    public static final EndReason MISSED = new EndReason("Session ended unseen", true);

    /**
     * Another server has gone on with the session, and this backend no longer kept what its client lacked, see {@link
     * BackendOptions#undeliveredBytesPerSession()}. Only on a firehose 3.
     */
    public static final EndReason GAP =
            new EndReason(Reason.GAP.text(), true, Reason.GAP.closeCode().code(), -1, -1);

    /** The longest text that is kept. Reasons are a few words; a longer one is a mistake of the sender. */
    private static final int MAX_BYTES = 256;

    private static final Reason[] KNOWN = Reason.values();

    /**
     * Creates a reason without a number and counts.
     *
     * @param text a text for people
     * @param local whether this backend gave the session up
     */
    public EndReason(String text, boolean local) {
        this(text, local, 0, -1, -1);
    }

    static EndReason of(Ended ended) {
        return new EndReason(ended.reason(), false, ended.code(), ended.taken(), ended.delivered());
    }

    /** Returns the reason for a session whose server has died, and which no other server has gone on with in time. */
    static EndReason disconnected(long taken, long delivered) {
        Reason reason = Reason.CLIENT_DISCONNECTED;
        return new EndReason(reason.text(), true, reason.closeCode().code(), taken, delivered);
    }

    static EndReason decode(byte[] bytes, int offset, int length) {
        return new EndReason(new String(bytes, offset, Math.min(length, MAX_BYTES), StandardCharsets.UTF_8), false);
    }

    /**
     * Returns the protocol's constant for this reason.
     *
     * @return empty for {@link #ORPHANED} and {@link #MISSED}, and for reasons that are newer than this library; both are ends like any
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
     * Tells whether this is a reason of the protocol. If a server has died and no other has gone on with the session in
     * time, that is {@link Reason#CLIENT_DISCONNECTED} too, although this backend has found it out.
     *
     * @param reason a reason of the protocol
     * @return true if it is this one
     */
    public boolean is(Reason reason) {
        return code == 0
                ? !local && text.equals(reason.text())
                : code == reason.closeCode().code();
    }
}
