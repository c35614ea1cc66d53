package net.voltlane.backend;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The objects that all firehoses of a backend share.
 *
 * @param instance the name of this backend process
 */
record BackendContext(
        BackendOptions options,
        Environment environment,
        Counters counters,
        SessionDirectory directory,
        Version2Sessions version2,
        KnownServers servers,
        InstanceName instance,
        HandlerCalls calls,
        Events events,
        RateLimitedLog peerFaultLog,
        RateLimitedLog noRoomLog,
        LargeFrames largeFrames) {

    private static final Logger log = LoggerFactory.getLogger(VoltlaneBackend.class);

    static BackendContext of(Handler handler, BackendOptions options, Environment environment) {
        Counters counters = new Counters();
        UndeliveredBudget undelivered = new UndeliveredBudget(options);
        SessionDirectory directory = new SessionDirectory(options, counters, undelivered);
        return new BackendContext(
                options,
                environment,
                counters,
                directory,
                new Version2Sessions(directory, options, counters),
                new KnownServers(options, environment, directory, counters, undelivered),
                options.instance() == null ? InstanceName.random() : InstanceName.of(options.instance()),
                new HandlerCalls(handler, counters, environment.nanoClock()),
                new Events(),
                new RateLimitedLog(log, Level.WARN, "faults of connection servers", environment.nanoClock()),
                new RateLimitedLog(log, Level.WARN, "connections or sessions found no room", environment.nanoClock()),
                new LargeFrames(options.maxFrameBytes()));
    }

    long nanoTime() {
        return environment.nanoClock().getAsLong();
    }

    /** Counts a packet of a server that was skipped, and logs it at a bounded rate. */
    void malformed(String what, Firehose firehose) {
        counters.malformed.increment();
        peerFaultLog.add(what + " on " + firehose, null);
    }

    /** Counts a connection whose handshake failed, and logs it at a bounded rate. */
    void handshakeFailed(Firehose firehose, String why) {
        counters.failedHandshakes.increment();
        peerFaultLog.add("no TLS on " + firehose + ": " + TlsWords.of(why), null);
    }

    /** Logs, at a bounded rate, that there was no room for a session. */
    void sessionRefused(Firehose firehose) {
        noRoomLog.add("a session of " + firehose + " was refused (maxSessions: " + options.maxSessions() + ")", null);
    }

    /** Logs, at a bounded rate, that a session could not go on at another server. */
    void undeliveredLost(Session session) {
        noRoomLog.add(
                session + " has ended, as what its client lacks is not kept (undeliveredBytesPerSession: "
                        + options.undeliveredBytesPerSession() + ", undeliveredPacketsPerSession: "
                        + options.undeliveredPacketsPerSession() + ", undeliveredBytes: " + options.undeliveredBytes()
                        + ")",
                null);
    }

    /** Logs, at a bounded rate, that a session can't change its server as a handler call about it does not return. */
    void stuck(Session session) {
        noRoomLog.add(session + " can't go on at another server: a handler call about it does not return", null);
    }
}
