package net.voltlane.server.edge;

import net.voltlane.server.guard.Guard;
import net.voltlane.server.link.Transport;

/**
 * The parts of a loop that its links use, and the transport of the listener that they came through. One for each loop
 * and transport, so that a link, of which there is one for each idle client, holds one reference to them.
 */
record LinkContext(
        LoopSettings settings,
        LoopMemory memory,
        LoopTimeouts timeouts,
        Guard guard,
        Refusals refusals,
        LinkFaults faults,
        LinkFigures figures,
        LoopQueues queues,
        SessionsProxy sessions,
        Backpressure backpressure,
        RateAndIdleLimiter limiter,
        Heartbeats heartbeats,
        OwedAcks acks,
        Pongs pongs,
        ReadBuffers readBuffers,
        Transport transport) {}
