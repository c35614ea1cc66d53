package net.voltlane.server.uplink;

import net.voltlane.protocol.Reason;
import net.voltlane.server.session.MasterPort;

/**
 * A version of the firehose: its packets for the events of a session's life, which {@link MasterPort} describes, and the
 * meaning of the master's packets. Belongs to the session loop.
 */
interface Firehose {
    void opened(MasterPort.Subject session);

    long firstPacket(MasterPort.Subject session);

    void dataFollows(MasterPort.Subject session);

    void suspended(MasterPort.Subject session, String cause);

    void resumed(MasterPort.Subject session, boolean isTakeover);

    void ended(MasterPort.Subject session, Reason reason, byte[] text);

    void delivered(MasterPort.Subject session);

    void slow(MasterPort.Subject session, long keptBytes);

    void ready(MasterPort.Subject session, long keptBytes);

    boolean wantsDelivered();

    boolean acknowledges();

    boolean notFound(long id);
}
