package net.voltlane.backend;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** What all firehoses of a backend use together. */
record Shared(
        BackendOptions options,
        Environment surroundings,
        Counters counters,
        SessionDirectory directory,
        HandlerCalls calls,
        Events events,
        RateLimitedLog peerFaults,
        RateLimitedLog crowding,
        LargeFrames largeFrames) {

    private static final Logger log = LoggerFactory.getLogger(VoltlaneBackend.class);

    static Shared of(Handler handler, BackendOptions options, Environment surroundings) {
        Counters counters = new Counters();
        return new Shared(
                options,
                surroundings,
                counters,
                new SessionDirectory(options, counters),
                new HandlerCalls(handler, counters, surroundings.nanoClock()),
                new Events(),
                new RateLimitedLog(log, Level.WARN, "faults of connection servers", surroundings.nanoClock()),
                new RateLimitedLog(log, Level.WARN, "connections or sessions found no room", surroundings.nanoClock()),
                new LargeFrames(options.maxFrameBytes()));
    }

    long nanoTime() {
        return surroundings.nanoClock().getAsLong();
    }
}
