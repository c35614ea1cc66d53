package net.voltlane.server.edge;

import net.voltlane.server.link.Deadlines;

/**
 * The time that a detached link has to deliver the packets that were queued before. It begins anew if the client has read
 * something by its end, however slowly, but only a few times. Belongs to the link's loop.
 */
final class DrainTimeout {
    private static final int MAX_EXTENSIONS = 5;

    private final LoopTimeouts timeouts;
    private final ClientLink link;
    private final LinkOutput output;

    private Deadlines<DrainTimeout>.Entry deadline;
    private int extensions;
    private long remainingBytes;

    DrainTimeout(LoopTimeouts timeouts, ClientLink link, LinkOutput output) {
        this.timeouts = timeouts;
        this.link = link;
        this.output = output;
        remainingBytes = output.remainingBytes();
        deadline = timeouts.beginDrain(this);
    }

    /** Gives the link more time if its client has read, or else gives it up. */
    void timedOut() {
        long now = output.remainingBytes();
        if (now < remainingBytes && extensions++ < MAX_EXTENSIONS) {
            remainingBytes = now;
            deadline = timeouts.beginDrain(this);
        } else {
            giveUp();
        }
    }

    /** Drops the packets that are left, and closes the link. */
    void giveUp() {
        link.giveUp();
    }

    /** Ends the time: everything is delivered, or dropped. */
    void end() {
        deadline.cancel();
    }
}
