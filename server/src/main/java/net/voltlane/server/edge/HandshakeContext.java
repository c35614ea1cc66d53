package net.voltlane.server.edge;

import net.voltlane.server.guard.Guard;

/**
 * The parts of a loop that its handshakes use. One for each loop and transport, so that a handshake holds one reference
 * to them.
 */
record HandshakeContext(
        LoopMemory memory,
        LoopTimeouts timeouts,
        Refusals refusals,
        Guard guard,
        HandshakeProofs proofs,
        SessionsProxy sessions,
        LinkContext links) {}
