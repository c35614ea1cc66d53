package net.voltlane.server.uplink;

import java.util.Map;
import net.voltlane.server.session.LinkOrigin;
import net.voltlane.server.session.MasterPort;

/**
 * The master's picture of a session, and what is still to be told so that it is right: until the session's Ended is
 * acknowledged. Belongs to the session loop.
 */
final class Told {
    private final MasterPort.Subject subject;
    /** The ends of its last link; the session does not know them while it is stale. */
    private String remote;

    private String local;
    private String transport;
    private Map<String, String> attributes;

    /** Data packets of its client that the master has acknowledged, whichever instance of it. */
    private long acknowledged;
    /** Packets for its client that sockets have taken; 0 in version 3. */
    private long taken;
    /** The count of acknowledged packets has changed with the Ack that is being read. */
    private boolean isTouched;

    /**
     * The number of its first packet, if it comes from another server. What is kept under lower numbers is of an earlier
     * time at which this server had it.
     */
    private long firstNumber;
    /** The master has acknowledged its first packet. */
    private boolean isOpenedAcknowledged;

    /** The master was told that it was opened. */
    private boolean isOpened;
    /** It has no link at present. */
    private boolean isSuspended;
    /** The master was told that it has no link. */
    private boolean isToldSuspended;
    /** It has moved to a link that the master was not told of. */
    private boolean hasMoved;
    /** The reason of its last loss. */
    private String cause = "";
    /** Its Ended is kept for the master. */
    private boolean hasEnded;
    /** It had been let go before it ended. */
    private boolean isAbandoned;

    /** Much is kept for its client. */
    private boolean isSlow;
    /** The master was told that much is kept. */
    private boolean isToldSlow;
    /** Bytes kept for its client when that was last said. */
    private long keptBytes;
    /** Its client has acknowledged more than the master was told. */
    private boolean owesDelivered;
    /** Waits in the list of sessions with something to be noted. */
    private boolean isNoted;

    /** @param local the local address of {@code origin}, as a text that others may have as well */
    Told(MasterPort.Subject subject, LinkOrigin origin, String local) {
        this.subject = subject;
        this.local = local;
        remote = origin.remote();
        transport = origin.transport();
        attributes = origin.attributes();
    }

    // ---- the session

    MasterPort.Subject subject() {
        return subject;
    }

    long id() {
        return subject.id();
    }

    /** The remote end of its last link. */
    String remote() {
        return remote;
    }

    /** The local end of its last link. */
    String local() {
        return local;
    }

    /** The transport of its last link. */
    String transport() {
        return transport;
    }

    /** Further facts about its client that the transport of its last link knows. */
    Map<String, String> attributes() {
        return attributes;
    }

    boolean isSuspended() {
        return isSuspended;
    }

    /** The reason of its last loss. */
    String cause() {
        return cause;
    }

    boolean isSlow() {
        return isSlow;
    }

    /** Bytes kept for its client when that was last said. */
    long keptBytes() {
        return keptBytes;
    }

    // ---- what happens to it

    void suspended(String why) {
        isSuspended = true;
        cause = why;
    }

    /** It has moved to another link, with these ends. */
    void moved(LinkOrigin origin, String sharedLocal) {
        isSuspended = false;
        hasMoved = true;
        remote = origin.remote();
        local = sharedLocal;
        transport = origin.transport();
        attributes = origin.attributes();
    }

    void paced(boolean slow, long bytes) {
        isSlow = slow;
        keptBytes = bytes;
    }

    /** Its client has more of what the master has sent than the master was told. */
    void owesDelivered() {
        owesDelivered = true;
    }

    /** The sockets of its client, which speaks version 2, have taken this many packets. Answers if that is news. */
    boolean taken(long packets) {
        boolean isMore = packets > taken;
        taken = Math.max(taken, packets);
        return isMore;
    }

    /** Packets of the master's that its client has acknowledged; in version 2, that its sockets have taken. */
    long delivered() {
        return Math.max(taken, subject.delivered());
    }

    void ended() {
        hasEnded = true;
    }

    /** It was let go, and nobody has it any more: its end is all that is told of it, and to none but this instance. */
    void isAbandoned() {
        isTold();
        hasEnded = true;
        isAbandoned = true;
    }

    /** True if only the present instance of the master need hear of its end. */
    boolean isOfThisInstanceOnly() {
        return isAbandoned;
    }

    boolean hasEnded() {
        return hasEnded;
    }

    /** It has ended, and the master has acknowledged all that its client had sent. */
    boolean hasOnlyItsEndLeft() {
        return hasEnded && acknowledged == subject.takenUp();
    }

    // ---- what the master was told

    boolean isOpened() {
        return isOpened;
    }

    /** The master believes that it has no link. */
    boolean isToldSuspended() {
        return isToldSuspended;
    }

    /** True if the master's picture of its link is not right, or it has none. */
    boolean isOwed() {
        return !isOpened || isSuspended != isToldSuspended || hasMoved && !isSuspended;
    }

    /** The master's picture of its link is right. */
    void isTold() {
        isOpened = true;
        isToldSuspended = isSuspended;
        hasMoved = false;
    }

    /** True if a figure of it is newer than what the master was told. */
    boolean hasNews() {
        return owesDelivered || isSlow != isToldSlow;
    }

    /** Answers once if more was delivered than the master was told. */
    boolean takeDelivered() {
        boolean owes = owesDelivered;
        owesDelivered = false;
        return owes;
    }

    /** Answers once if the master does not know whether it is slow. */
    boolean takePace() {
        boolean owes = isSlow != isToldSlow;
        isToldSlow = isSlow;
        return owes;
    }

    /** A new instance of the master is told the present, and with it that it is slow if it is. */
    void isToldAnew(boolean tellsPace) {
        isTold();
        owesDelivered = false;
        isToldSlow = tellsPace && isSlow;
    }

    /** Enters the list of those with something to be noted; false if it was there. */
    boolean enterNoted() {
        boolean enters = !isNoted;
        isNoted = true;
        return enters;
    }

    void leaveNoted() {
        isNoted = false;
    }

    // ---- a session of another server

    /** Its first packet has this number. */
    void beginsWith(long number) {
        firstNumber = number;
        isOpenedAcknowledged = false;
    }

    /** True if a packet with this number is of the time for which it is told now. */
    boolean owns(long number) {
        return number >= firstNumber;
    }

    /** The master has had this many data packets of its client by way of other servers. */
    void startsAt(long taken) {
        acknowledged = taken;
        if (isOpenedAcknowledged) {
            subject.acknowledged(taken);
        }
    }

    /**
     * The master has taken over the packet by which it was opened, and with it all that it had of the session before. In
     * its answer it has told how much that is.
     */
    void openedIsAcknowledged() {
        isOpenedAcknowledged = true;
        if (firstNumber > 0 && subject.adopting() == null) {
            subject.acknowledged(acknowledged);
        }
    }

    // ---- what the master has acknowledged

    /** Data packets of its client that the master has acknowledged, whichever instance of it. */
    long acknowledged() {
        return acknowledged;
    }

    /** The master has acknowledged one more. Answers if that is the first of this Ack. */
    boolean acknowledgedOne() {
        acknowledged++;
        boolean isFirst = !isTouched;
        isTouched = true;
        return isFirst;
    }

    /** The Ack is read: the session learns its count. */
    void tellAcknowledged() {
        isTouched = false;
        subject.acknowledged(acknowledged);
    }
}
