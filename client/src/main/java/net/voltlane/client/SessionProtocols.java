package net.voltlane.client;

import java.util.List;
import net.voltlane.client.ConnectionSupervisor.Queues;
import net.voltlane.client.Connector.Connected;
import net.voltlane.client.SendStore.Packet;
import net.voltlane.client.SendStore.Unsettled;

/** The {@link SessionProtocol} for each version. */
final class SessionProtocols {

    private SessionProtocols() {}

    /** Returns the protocol of a session that has its first link in this process. */
    static SessionProtocol of(Connected first, Options options, Environment environment, Queues queues) {
        Terms terms = first.terms();
        if (terms == null) {
            return new Version2Session(options.maxFrameBytes());
        }
        return new Version3Session(
                first.state(),
                terms.parameters(),
                options.sending(),
                options.maxFrameBytes(),
                new Version3Session.Parts(
                        queues.sends(), queues.receives(), environment.linkTime(), environment.chance()));
    }

    /** Fails the futures of packets that have moved to a session without acknowledgements. */
    static void refuseFutures(SessionProtocol session, List<Packet> moved) {
        if (session.version() == Protocol.V2) {
            ClientException why =
                    new SessionGoneException("the new session is of version 2, without acknowledgements", null);
            moved.forEach(packet -> new Unsettled(packet, PacketFate.UNKNOWN).fail(why));
        }
    }
}
