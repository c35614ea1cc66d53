package net.voltlane.backend;

import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.Tag;

/**
 * What can be set, with a default for everything: {@code BackendOptions.DEFAULT.withOrphanTimeout(...)}.
 *
 * @param orphanTimeout how long sessions whose firehose was lost wait for another; 0 s to 365 days. Default 330 s: the
 *     servers' default for absent clients, 300 s, and a little more, so that the server's word comes first
 * @param peerTimeout a firehose whose server acknowledges nothing for so long, though something is on its way to it, or
 *     that is idle and leaves keepalive unanswered for so long, is cut; 1 ms to 365 days. Default 20 s. A server that
 *     lives and does not read is not meant: its kernel answers. That can be told on Linux (by {@code /proc/net/tcp}, at
 *     most once in half a second and only while something is unanswered); elsewhere a write that is stuck for six times
 *     as long, with nothing coming either, counts instead. An idle firehose takes 4 s at least
 * @param stallTimeout a firehose whose server lives, and takes nothing for so long while something waits for it, is cut;
 *     1 ms to 365 days. Default 120 s
 * @param maxFrameBytes the longest frame on a firehose, tag included, both ways: a server that sends a longer one is
 *     cut, and the application can't send one. All firehoses together may hold 16 of them unfinished; beyond that one
 *     is cut, of the host that holds most. 9 to 2147483583. Default 8 MiB, as the servers'; raise it together with
 *     their {@code listener.max_frame_size}
 * @param sendBufferBytes how much may wait for each firehose; at least 1. Default 64 MiB
 * @param awayBufferBytes how much may wait for all sessions that have no firehose; 0 or more. Default 64 MiB
 * @param maxFirehoses how many connection servers may be attached. Beyond that one that carries no session gives way to
 *     a newcomer, of the host that has most of these. Where all carry sessions, one of the host that has most gives
 *     way, if the newcomer's has fewer with it; else newcomers are refused. At least 1, default 256
 * @param maxSessions how many sessions there may be, those that are away included. A session beyond that is refused: its
 *     packets are dropped and counted, its client is kicked. One host may have four times as many as are free, so four
 *     fifths of all where it is alone. At least 1, default 1 000 000
 * @param threads makes the threads: two for each firehose, three more. Default: daemon threads. Virtual threads do:
 *     {@code Thread.ofVirtual().factory()}
 */
public record BackendOptions(
        Duration orphanTimeout,
        Duration peerTimeout,
        Duration stallTimeout,
        int maxFrameBytes,
        long sendBufferBytes,
        long awayBufferBytes,
        int maxFirehoses,
        int maxSessions,
        ThreadFactory threads) {

    private static final long MIB = 1024 * 1024;
    private static final Duration YEAR = Duration.ofDays(365);
    private static final int MAX_FRAME_BYTES = Integer.MAX_VALUE - 64;

    /** The defaults. */
    public static final BackendOptions DEFAULT = new BackendOptions(
            Duration.ofSeconds(330),
            Duration.ofSeconds(20),
            Duration.ofSeconds(120),
            Limits.MIN_MASTER_FRAME_LIMIT_BYTES,
            64 * MIB,
            64 * MIB,
            256,
            1_000_000,
            BackendOptions::daemon);

    /**
     * Checks the ranges.
     *
     * @param orphanTimeout 0 s to 365 days
     * @param peerTimeout 1 ms to 365 days
     * @param stallTimeout 1 ms to 365 days
     * @param maxFrameBytes 9 to 2147483583
     * @param sendBufferBytes at least 1
     * @param awayBufferBytes at least 0
     * @param maxFirehoses at least 1
     * @param maxSessions at least 1
     * @param threads makes a thread for each task
     * @throws IllegalArgumentException if a value is outside of its range; the message names it
     */
    public BackendOptions {
        expect(isBetween(orphanTimeout, Duration.ZERO), "orphanTimeout", orphanTimeout, "0 s to 365 days");
        expect(isBetween(peerTimeout, Duration.ofMillis(1)), "peerTimeout", peerTimeout, "1 ms to 365 days");
        expect(isBetween(stallTimeout, Duration.ofMillis(1)), "stallTimeout", stallTimeout, "1 ms to 365 days");
        expect(
                maxFrameBytes >= Tag.BYTES && maxFrameBytes <= MAX_FRAME_BYTES,
                "maxFrameBytes",
                maxFrameBytes,
                Tag.BYTES + " to " + MAX_FRAME_BYTES);
        expect(sendBufferBytes >= 1, "sendBufferBytes", sendBufferBytes, "at least 1");
        expect(awayBufferBytes >= 0, "awayBufferBytes", awayBufferBytes, "at least 0");
        expect(maxFirehoses >= 1, "maxFirehoses", maxFirehoses, "at least 1");
        expect(maxSessions >= 1, "maxSessions", maxSessions, "at least 1");
    }

    /**
     * These options with another {@link #orphanTimeout()}.
     *
     * @param value 0 s to 365 days
     * @return a copy
     */
    public BackendOptions withOrphanTimeout(Duration value) {
        return new BackendOptions(
                value,
                peerTimeout,
                stallTimeout,
                maxFrameBytes,
                sendBufferBytes,
                awayBufferBytes,
                maxFirehoses,
                maxSessions,
                threads);
    }

    /**
     * These options with another {@link #peerTimeout()}.
     *
     * @param value 1 ms to 365 days
     * @return a copy
     */
    public BackendOptions withPeerTimeout(Duration value) {
        return new BackendOptions(
                orphanTimeout,
                value,
                stallTimeout,
                maxFrameBytes,
                sendBufferBytes,
                awayBufferBytes,
                maxFirehoses,
                maxSessions,
                threads);
    }

    /**
     * These options with another {@link #stallTimeout()}.
     *
     * @param value 1 ms to 365 days
     * @return a copy
     */
    public BackendOptions withStallTimeout(Duration value) {
        return new BackendOptions(
                orphanTimeout,
                peerTimeout,
                value,
                maxFrameBytes,
                sendBufferBytes,
                awayBufferBytes,
                maxFirehoses,
                maxSessions,
                threads);
    }

    /**
     * These options with another {@link #maxFrameBytes()}.
     *
     * @param value 9 to 2147483583
     * @return a copy
     */
    public BackendOptions withMaxFrameBytes(int value) {
        return new BackendOptions(
                orphanTimeout,
                peerTimeout,
                stallTimeout,
                value,
                sendBufferBytes,
                awayBufferBytes,
                maxFirehoses,
                maxSessions,
                threads);
    }

    /**
     * These options with another {@link #sendBufferBytes()}.
     *
     * @param value at least 1
     * @return a copy
     */
    public BackendOptions withSendBufferBytes(long value) {
        return new BackendOptions(
                orphanTimeout,
                peerTimeout,
                stallTimeout,
                maxFrameBytes,
                value,
                awayBufferBytes,
                maxFirehoses,
                maxSessions,
                threads);
    }

    /**
     * These options with another {@link #awayBufferBytes()}.
     *
     * @param value at least 0, which means that nothing is kept
     * @return a copy
     */
    public BackendOptions withAwayBufferBytes(long value) {
        return new BackendOptions(
                orphanTimeout,
                peerTimeout,
                stallTimeout,
                maxFrameBytes,
                sendBufferBytes,
                value,
                maxFirehoses,
                maxSessions,
                threads);
    }

    /**
     * These options with another {@link #maxFirehoses()}.
     *
     * @param value at least 1
     * @return a copy
     */
    public BackendOptions withMaxFirehoses(int value) {
        return new BackendOptions(
                orphanTimeout,
                peerTimeout,
                stallTimeout,
                maxFrameBytes,
                sendBufferBytes,
                awayBufferBytes,
                value,
                maxSessions,
                threads);
    }

    /**
     * These options with another {@link #maxSessions()}.
     *
     * @param value at least 1
     * @return a copy
     */
    public BackendOptions withMaxSessions(int value) {
        return new BackendOptions(
                orphanTimeout,
                peerTimeout,
                stallTimeout,
                maxFrameBytes,
                sendBufferBytes,
                awayBufferBytes,
                maxFirehoses,
                value,
                threads);
    }

    /**
     * These options with another {@link #threads()}.
     *
     * @param value makes a thread for each task; their names are set by this library
     * @return a copy
     */
    public BackendOptions withThreads(ThreadFactory value) {
        return new BackendOptions(
                orphanTimeout,
                peerTimeout,
                stallTimeout,
                maxFrameBytes,
                sendBufferBytes,
                awayBufferBytes,
                maxFirehoses,
                maxSessions,
                value);
    }

    int maxDataBytes() {
        return maxFrameBytes - Tag.BYTES;
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    private static boolean isBetween(Duration value, Duration min) {
        return value.compareTo(min) >= 0 && value.compareTo(YEAR) <= 0;
    }

    private static void expect(boolean holds, String name, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
        }
    }
}
