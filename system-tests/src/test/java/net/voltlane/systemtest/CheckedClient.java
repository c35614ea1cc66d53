package net.voltlane.systemtest;

import java.net.InetSocketAddress;
import java.nio.channels.ClosedSelectorException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import net.voltlane.proof.ChallengeAnswer;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Ping;
import net.voltlane.testkit.ClientIdentity;
import net.voltlane.testkit.LinkEnded;
import net.voltlane.testkit.ScriptedClient;
import org.jspecify.annotations.Nullable;

/**
 * A client that goes on through everything: it sends numbered letters, comes back when its link ends, sometimes leaves
 * and comes back by itself, and checks each answer of the {@link CheckedMaster}. A thread of its own sends, another
 * reads.
 */
final class CheckedClient implements AutoCloseable {
    private static final SecureRandom SECURE = new SecureRandom();
    /** The longest time that any step may take while faults are active. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int WINDOW = 64;
    /** Answers may be lost with a link: after so long without any, one more letter asks for the next. */
    private static final int NUDGE_MILLIS = 100;

    private static final int RETRY_MILLIS = 20;
    private static final int LEAVES_ONE_IN = 300;

    private final InetSocketAddress server;
    private final Random random;
    private final Manner manner;
    private final AtomicReference<@Nullable Throwable> fault = new AtomicReference<>();
    private final Thread thread;

    private @Nullable ClientIdentity identity;
    private @Nullable ScriptedClient link;
    private int links;
    private int lastBroken;
    private int sent;
    private int answered;
    private long answers;
    private int sessionsLost;

    // What the last letter of the master said, and what may be missing before the next.
    private int lastFirehose;
    private int lastNumber;
    private boolean mayMiss;

    private boolean finishing;
    private boolean settled;
    private boolean leaving;
    private boolean closed;

    /**
     * The behaviour of a client.
     *
     * @param mayLoseSession whether the server may die and forget; else a session that is gone is a fault
     * @param restMillis how long it rests before it sends more; 0: it sends as fast as it is answered
     */
    record Manner(boolean mayLoseSession, int restMillis) {}

    CheckedClient(InetSocketAddress server, long seed, Manner manner) {
        this.server = server;
        this.manner = manner;
        random = new Random(seed);
        thread = new Thread(this::run, "checked-client");
        thread.setDaemon(true);
        thread.start();
    }

    // ---- for the test

    /** Sends until everything sent is known to have come, and then no more; see {@link #isSettled}. */
    synchronized void finish() {
        finishing = true;
        notifyAll();
    }

    /** The end of the link will be the end of the session: it does not come back. */
    synchronized void leaveForGood() {
        leaving = true;
    }

    synchronized boolean isSettled() {
        return settled;
    }

    /** Throws what went wrong, if anything. */
    void check() {
        Throwable wrong = fault.get();
        if (wrong != null) {
            throw new AssertionError("client " + identity() + ": " + wrong.getMessage(), wrong);
        }
    }

    synchronized @Nullable ClientIdentity identity() {
        return identity;
    }

    synchronized long id() {
        return identity == null ? 0 : identity.id();
    }

    synchronized int lastSent() {
        return sent;
    }

    /** Returns the number of letters that came from the master. */
    synchronized long answers() {
        return answers;
    }

    /** Returns the number of links that this client has had, over all of its sessions. */
    synchronized int links() {
        return links;
    }

    /** Returns the ordinal of the last link that broke, or 0 if every link has ended in good order. */
    synchronized int lastBroken() {
        return lastBroken;
    }

    synchronized int sessionsLost() {
        return sessionsLost;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
            if (link != null) {
                link.cut();
            }
        }
        join(thread);
    }

    // ---- its thread

    private void run() {
        try {
            while (mayGoOn()) {
                ScriptedClient next = connect();
                if (next == null) {
                    pause();
                } else {
                    live(next);
                }
            }
        } catch (RuntimeException | AssertionError e) {
            if (!isClosed()) {
                fault.compareAndSet(null, e);
            }
        }
    }

    private synchronized boolean mayGoOn() {
        return !closed && fault.get() == null && !(leaving && link == null);
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    @SuppressWarnings("WaitNotInLoop") // run() is the loop
    private synchronized void pause() {
        try {
            wait(RETRY_MILLIS);
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    /** A link with a session on it; null when that did not succeed this time. */
    private @Nullable ScriptedClient connect() {
        ScriptedClient next = null;
        try {
            next = ScriptedClient.connect(server).timeout(PATIENCE);
            if (!begin(next)) {
                next.close();
                return null;
            }
            return next;
        } catch (LinkEnded e) {
            if (next != null) {
                next.close();
            }
            synchronized (this) {
                mayMiss = true; // the server may have taken this link for the session's before it broke
            }
            return null;
        } catch (AssertionError e) {
            if (next == null) {
                return null; // nobody accepts at this moment
            }
            next.close();
            throw e;
        }
    }

    private boolean begin(ScriptedClient next) {
        ClientIdentity who = identity();
        if (who == null) {
            ClientIdentity mine = next.openSession();
            synchronized (this) {
                identity = mine;
            }
            return true;
        }
        byte[] box = next.requestChallenge(who.id());
        byte[] answer = ChallengeAnswer.to(box, who.sharedKey(), SECURE);
        if (answer == null) {
            forget(who);
            return false;
        }
        next.send(new ChallengeResponse(answer), new Ping());
        next.expect(Ping.class);
        return true;
    }

    private synchronized void forget(ClientIdentity who) {
        if (!manner.mayLoseSession()) {
            throw new AssertionError("the server does not know session " + who.id() + " any more");
        }
        sessionsLost++;
        identity = null;
        links = 0;
        lastBroken = 0;
        sent = 0;
        answered = 0;
        lastFirehose = 0;
        lastNumber = 0;
        mayMiss = false;
    }

    private void live(ScriptedClient on) {
        synchronized (this) {
            link = on;
            links++;
        }
        Reader reader = new Reader(on);
        reader.start();
        boolean leaves = false;
        try {
            while (!leaves && mayGoOn() && reader.isAlive()) {
                leaves = isTimeToLeave();
                if (leaves) {
                    on.shutdownOutput();
                } else if (awaitRoom(reader)) {
                    on.write(frames(1 + random.nextInt(8)));
                }
            }
        } catch (LinkEnded e) {
            // the reader has found that as well, or is about to
        }
        if (!leaves) {
            on.cut();
        }
        join(reader);
        on.close();
        synchronized (this) {
            link = null;
            if (!leaves || !reader.endedInGoodOrder) {
                lastBroken = links;
                mayMiss = true;
            }
        }
    }

    private synchronized boolean isTimeToLeave() {
        return !finishing && random.nextInt(LEAVES_ONE_IN) == 0;
    }

    /** Waits until there is something to send; false when the link has ended meanwhile. */
    private synchronized boolean awaitRoom(Reader reader) {
        long startNanos = System.nanoTime();
        long deadlineNanos = startNanos + NUDGE_MILLIS * 1_000_000L;
        long restedNanos = startNanos + manner.restMillis() * 1_000_000L;
        try {
            while (!closed && reader.isAlive()) {
                settled = finishing && sent > 0 && answered == sent;
                long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
                long restMillis = (restedNanos - System.nanoTime()) / 1_000_000;
                boolean mayFlow = !finishing && sent - answered < WINDOW;
                if (!settled && (leftMillis <= 0 || mayFlow && restMillis <= 0)) {
                    return true;
                }
                wait(settled ? NUDGE_MILLIS : Math.max(1, mayFlow ? restMillis : leftMillis));
            }
        } catch (InterruptedException e) {
            closed = true;
        }
        return false;
    }

    private synchronized byte[][] frames(int count) {
        byte[][] frames = new byte[finishing ? 1 : count][];
        Arrays.setAll(
                frames,
                i -> Frame.of(new Letters.Up(Letters.Wish.NOTHING, links, lastBroken, ++sent)
                        .bytes(Letters.fillerBytes(random))));
        return frames;
    }

    /** Checks what comes, until the link ends. */
    private synchronized void received(Letters.Down letter) {
        boolean otherFirehose = letter.firehose() != lastFirehose;
        if (letter.firehose() < lastFirehose || letter.number() <= lastNumber || letter.answered() > sent) {
            throw new AssertionError(letter + " came after number " + lastNumber + " of firehose " + lastFirehose
                    + ", when " + sent + " letters were sent");
        }
        boolean firstOfAll = lastFirehose == 0 && letter.firehose() == 1;
        if (letter.number() != lastNumber + 1 && !mayMiss && (!otherFirehose || firstOfAll)) {
            throw new AssertionError(
                    letter + " came after number " + lastNumber + ", and no link had broken in between");
        }
        lastFirehose = letter.firehose();
        lastNumber = letter.number();
        mayMiss = false;
        answered = Math.max(answered, letter.answered());
        answers++;
        notifyAll();
    }

    private final class Reader extends Thread {
        private final ScriptedClient from;
        private volatile boolean endedInGoodOrder;

        Reader(ScriptedClient from) {
            super("checked-client-reader");
            setDaemon(true);
            this.from = from;
        }

        @Override
        public void run() {
            try {
                while (true) {
                    received(Letters.Down.read(from.receive()));
                }
            } catch (LinkEnded e) {
                endedInGoodOrder = e.orderly();
            } catch (ClosedSelectorException e) {
                // cut by the sender
            } catch (RuntimeException | AssertionError e) {
                if (mayGoOn()) {
                    fault.compareAndSet(null, e);
                }
            }
            synchronized (CheckedClient.this) {
                CheckedClient.this.notifyAll();
            }
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            throw new AssertionError("a checked client's thread is left behind: " + thread.getName());
        }
    }
}
