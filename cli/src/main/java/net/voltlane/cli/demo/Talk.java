package net.voltlane.cli.demo;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The messages between a client and the backend, in three rows of numbered messages. Each counter is written by one
 * thread at a time, and read by others.
 */
final class Talk {

    /** Messages of one kind in one direction. */
    static final class Row {

        private final AtomicInteger sent = new AtomicInteger();
        private final AtomicInteger next = new AtomicInteger();

        /** The number of the next message to be sent, which is then on its way. */
        int send() {
            return sent.getAndIncrement();
        }

        /**
         * Takes a message that came. One that comes before others of its row is taken, and they are passed over: if they
         * come yet, they come too late.
         *
         * @return true if it came for the first time
         */
        boolean take(Message message, Tally tally) {
            int ahead = message.number() - next.get();
            if (ahead < 0) {
                tally.twice.increment();
                return false;
            }
            if (ahead > 0) {
                tally.mixedUp.increment();
            }
            next.set(message.number() + 1);
            return true;
        }

        /** True if the last message that was sent has come. */
        boolean isSettled() {
            return next.get() == sent.get();
        }
    }

    /** From the client. */
    final Row said = new Row();

    /** The backend's answers, with the numbers of what they answer. */
    final Row answers = new Row();

    /** The backend's own messages. */
    final Row news = new Row();

    /** The session in which all of it is said; 0: not known yet. */
    volatile long sessionId;

    /** True if everything that was sent has come, as far as the last messages tell. */
    boolean isSettled() {
        return said.isSettled() && answers.isSettled() && answers.sent.get() == said.sent.get() && news.isSettled();
    }
}
