package net.voltlane.server.session;

import net.voltlane.proof.SessionKey;
import org.jspecify.annotations.Nullable;

/** The part of a session that only version 3 of the client link has. Belongs to the session loop. */
final class Version3Part {
    /** The client's for the master; null if it has shown none. */
    final byte @Nullable [] credentials;

    /** Number of links that have proved themselves, and that the session was moved to. */
    private int claims;
    /** Data packets of the client that the master has acknowledged; 0 where the master acknowledges nothing. */
    private long acknowledgedUp;
    /** Data packets for the client that it has acknowledged, as far as its links have told. */
    private long acknowledgedDown;

    private boolean isReleased;
    private boolean isKeyKnown;
    private @Nullable SessionKey key;

    Version3Part(byte @Nullable [] credentials) {
        this.credentials = credentials;
    }

    /**
     * Answers if the client of this link has at least what it had acknowledged, at most what was ever meant for it, and
     * keeps what the server has not had.
     *
     * @param packetsUp data packets of the client in all
     * @param packetsDown data packets for the client in all
     */
    boolean fits(ClientPort link, long packetsUp, long packetsDown) {
        return acknowledgedDown <= link.received()
                && link.received() <= packetsDown
                && link.kept() >= 1
                && link.kept() <= packetsUp + 1;
    }

    /** A link has proved itself, and the session moves to it. */
    void claim() {
        claims++;
    }

    int claims() {
        return claims;
    }

    /** The key has been computed; null if there is none with a client's key like this session's. */
    void keyComputed(@Nullable SessionKey computed) {
        isKeyKnown = true;
        key = computed;
    }

    /** True once the key has been computed, also if there is none. */
    boolean isKeyKnown() {
        return isKeyKnown;
    }

    @Nullable
    SessionKey key() {
        return key;
    }

    int heldBytes() {
        return credentials == null ? 0 : credentials.length;
    }

    /** The bytes to charge no more, as the credentials are kept no longer; 0 if that was said before. */
    int takeHeldBytes() {
        int held = isReleased ? 0 : heldBytes();
        isReleased = true;
        return held;
    }

    long acknowledgedUp() {
        return acknowledgedUp;
    }

    void acknowledgedUp(long packets) {
        acknowledgedUp = packets;
    }

    long acknowledgedDown() {
        return acknowledgedDown;
    }

    /** Returns true if that is more than before. */
    boolean acknowledgedDown(long packets) {
        boolean isMore = packets > acknowledgedDown;
        acknowledgedDown = packets;
        return isMore;
    }
}
