package net.voltlane.systemtest;

import org.jspecify.annotations.Nullable;

/**
 * The master's view of one session: whether what came of it goes by the book. A letter may be missing only where a link
 * broke, the client's or the firehose: within one pair of links each number is one more than that before. Belongs to
 * the {@link CheckedMaster}'s lock.
 */
final class SessionCheck {
    private final long id;
    private int lastNumber;
    private int lastLink = 1;
    /** A session that begins on a later firehose may have begun on an earlier one, unheard. */
    private int lastFirehose = 1;

    private boolean reconnected;
    private int sent;
    private @Nullable String end;

    SessionCheck(long id) {
        this.id = id;
    }

    /** A letter has come; gives back the number of the answer. */
    int letter(Letters.Up letter, int firehose) {
        checkAlive("a letter");
        if (letter.link() < lastLink) {
            throw wrong(letter + " came after one of link " + lastLink);
        }
        // A session of which nothing came is not announced. A Reconnection may be lost with a firehose; the next does
        // not
        // repeat it where this link has ended, too.
        if (letter.link() > lastLink && lastNumber > 0 && !reconnected && firehose == lastFirehose) {
            throw wrong(letter + " came without a Reconnection after one of link " + lastLink + ", on firehose "
                    + firehose);
        }
        boolean mayMiss = firehose != lastFirehose || letter.lastBroken() >= lastLink;
        if (letter.number() <= lastNumber) {
            throw wrong(letter + " came after number " + lastNumber);
        }
        if (letter.number() != lastNumber + 1 && !mayMiss) {
            throw wrong(letter + " came after number " + lastNumber + ", and no link had broken in between");
        }
        lastNumber = letter.number();
        lastLink = letter.link();
        lastFirehose = firehose;
        reconnected = false;
        return ++sent;
    }

    void reconnection(int firehose) {
        checkAlive("Reconnection");
        // What an earlier firehose took with it may have been a letter of this session.
        if (lastNumber == 0 && firehose == 1) {
            throw wrong("Reconnection came before anything else of it");
        }
        reconnected = true;
    }

    void failure(String reason) {
        if (end != null) {
            throw wrong("ended with \"" + end + "\", and again with \"" + reason + "\"");
        }
        end = reason;
    }

    long id() {
        return id;
    }

    int lastNumber() {
        return lastNumber;
    }

    /** The reason of its Failure; null while there was none. */
    @Nullable
    String end() {
        return end;
    }

    private void checkAlive(String what) {
        if (end != null) {
            throw wrong(what + " came after its Failure \"" + end + "\"");
        }
    }

    private AssertionError wrong(String what) {
        return new AssertionError("master: session " + id + ": " + what);
    }
}
