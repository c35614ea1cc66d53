package net.voltlane.backend;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The objects that all firehoses of a backend share. */
record BackendContext(
        BackendOptions options,
        Environment environment,
        Counters counters,
        SessionDirectory directory,
        HandlerCalls calls,
        Events events,
        RateLimitedLog peerFaultLog,
        RateLimitedLog noRoomLog,
        LargeFrames largeFrames) {

    private static final Logger log = LoggerFactory.getLogger(VoltlaneBackend.class);

    static BackendContext of(Handler handler, BackendOptions options, Environment environment) {
        Counters counters = new Counters();
        return new BackendContext(
                options,
                environment,
                counters,
                new SessionDirectory(options, counters),
                new HandlerCalls(handler, counters, environment.nanoClock()),
                new Events(),
                new RateLimitedLog(log, Level.WARN, "faults of connection servers", environment.nanoClock()),
                new RateLimitedLog(log, Level.WARN, "connections or sessions found no room", environment.nanoClock()),
                new LargeFrames(options.maxFrameBytes()));
    }

    long nanoTime() {
        return environment.nanoClock().getAsLong();
    }
}
