package net.voltlane.server.edge;

import net.voltlane.server.link.Deadlines;

/**
 * How long a detached link has for what was queued before: as long as a close may take, and again each time that its
 * client has read on, however slowly, but not for ever. Belongs to the link's loop.
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

    /** The deadline has passed. */
    void timedOut() {
        long now = output.remainingBytes();
        if (now < remainingBytes && extensions++ < MAX_EXTENSIONS) {
            remainingBytes = now;
            deadline = timeouts.beginDrain(this);
        } else {
            giveUp();
        }
    }

    /** Drops what is left, and the link. */
    void giveUp() {
        link.giveUp();
    }

    /** All is delivered, or dropped. */
    void end() {
        deadline.cancel();
    }
}
