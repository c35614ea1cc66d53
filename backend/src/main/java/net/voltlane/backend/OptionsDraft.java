package net.voltlane.backend;

import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** The values of a copy of {@link BackendOptions}, before they are checked. Not thread-safe. */
final class OptionsDraft {
    private Duration orphanTimeout;
    private Duration peerTimeout;
    private Duration stallTimeout;
    private int maxFrameBytes;
    private long sendBufferBytes;
    private long awayBufferBytes;
    private int maxFirehoses;
    private int maxSessions;
    private ThreadFactory threads;
    private @Nullable String instance;
    private @Nullable BackendTls tls;
    private long undeliveredBytesPerSession;
    private int undeliveredPacketsPerSession;
    private long undeliveredBytes;
    private boolean sharedIds;

    OptionsDraft(BackendOptions of) {
        orphanTimeout = of.orphanTimeout();
        peerTimeout = of.peerTimeout();
        stallTimeout = of.stallTimeout();
        maxFrameBytes = of.maxFrameBytes();
        sendBufferBytes = of.sendBufferBytes();
        awayBufferBytes = of.awayBufferBytes();
        maxFirehoses = of.maxFirehoses();
        maxSessions = of.maxSessions();
        threads = of.threads();
        instance = of.instance();
        tls = of.tls();
        undeliveredBytesPerSession = of.undeliveredBytesPerSession();
        undeliveredPacketsPerSession = of.undeliveredPacketsPerSession();
        undeliveredBytes = of.undeliveredBytes();
        sharedIds = of.sharedIds();
    }

    void orphanTimeout(Duration value) {
        orphanTimeout = value;
    }

    void peerTimeout(Duration value) {
        peerTimeout = value;
    }

    void stallTimeout(Duration value) {
        stallTimeout = value;
    }

    void maxFrameBytes(int value) {
        maxFrameBytes = value;
    }

    void sendBufferBytes(long value) {
        sendBufferBytes = value;
    }

    void awayBufferBytes(long value) {
        awayBufferBytes = value;
    }

    void maxFirehoses(int value) {
        maxFirehoses = value;
    }

    void maxSessions(int value) {
        maxSessions = value;
    }

    void threads(ThreadFactory value) {
        threads = value;
    }

    void instance(@Nullable String value) {
        instance = value;
    }

    void tls(@Nullable BackendTls value) {
        tls = value;
    }

    void undeliveredBytesPerSession(long value) {
        undeliveredBytesPerSession = value;
    }

    void undeliveredPacketsPerSession(int value) {
        undeliveredPacketsPerSession = value;
    }

    void undeliveredBytes(long value) {
        undeliveredBytes = value;
    }

    void sharedIds(boolean value) {
        sharedIds = value;
    }

    BackendOptions options() {
        return new BackendOptions(
                orphanTimeout,
                peerTimeout,
                stallTimeout,
                maxFrameBytes,
                sendBufferBytes,
                awayBufferBytes,
                maxFirehoses,
                maxSessions,
                threads,
                instance,
                tls,
                undeliveredBytesPerSession,
                undeliveredPacketsPerSession,
                undeliveredBytes,
                sharedIds);
    }
}
