package net.voltlane.server.tls;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;

/**
 * The keys of session tickets, with which a client resumes TLS without a full handshake. The newest one encrypts new
 * tickets; tickets by the two before it still open. They live in memory only, so a stolen private key of the server
 * does not decrypt recorded sessions. Not thread-safe.
 */
final class TicketKeys {
    /** The time for which a key encrypts new tickets. A ticket of TLS 1.3 opens for two to three times as long. */
    static final long LIFE_NANOS = 4 * 3_600_000_000_000L;

    private static final int KEYS = 3;

    private final SecureRandom random;
    private final Deque<OpenSslSessionTicketKey> newestFirst = new ArrayDeque<>();
    private long newestNanos;

    TicketKeys(SecureRandom random, long nowNanos) {
        this.random = random;
        renew(nowNanos);
    }

    /** Draws a new key if the newest one is due, and drops the oldest. Returns true if the keys have changed. */
    boolean rotate(long nowNanos) {
        if (nowNanos - newestNanos < LIFE_NANOS) {
            return false;
        }
        renew(nowNanos);
        return true;
    }

    /** Drops all keys: no ticket that was given out opens any more. */
    void forget(long nowNanos) {
        newestFirst.clear();
        renew(nowNanos);
    }

    private void renew(long nowNanos) {
        newestFirst.addFirst(new OpenSslSessionTicketKey(
                drawn(OpenSslSessionTicketKey.NAME_SIZE),
                drawn(OpenSslSessionTicketKey.HMAC_KEY_SIZE),
                drawn(OpenSslSessionTicketKey.AES_KEY_SIZE)));
        if (newestFirst.size() > KEYS) {
            newestFirst.removeLast();
        }
        newestNanos = nowNanos;
    }

    private byte[] drawn(int bytes) {
        byte[] drawn = new byte[bytes];
        random.nextBytes(drawn);
        return drawn;
    }

    /** The keys, the newest first. */
    OpenSslSessionTicketKey[] all() {
        Iterator<OpenSslSessionTicketKey> keys = newestFirst.iterator();
        OpenSslSessionTicketKey[] all = new OpenSslSessionTicketKey[newestFirst.size()];
        Arrays.setAll(all, i -> keys.next());
        return all;
    }
}
