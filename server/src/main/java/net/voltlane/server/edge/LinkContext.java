package net.voltlane.server.edge;

/**
 * The parts of a loop that its links use. One for each loop, so that a link, of which there is one for each idle client,
 * holds one reference to them.
 */
record LinkContext(
        EdgeSettings settings,
        LoopMemory memory,
        LoopTimeouts timeouts,
        Refusals refusals,
        LinkFaults faults,
        LoopQueues queues,
        SessionsProxy sessions,
        Backpressure backpressure,
        RateAndIdleLimiter limiter,
        ReadBuffers readBuffers) {}
