package net.voltlane.backend;

import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.Tag;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a backend. Each has a default; change single ones with
 * {@code BackendOptions.DEFAULT.withOrphanTimeout(...)}. Immutable.
 *
 * @param orphanTimeout how long sessions whose firehose was lost wait for a new one; 0 s to 365 days. Default 330 s: a
 *     little more than the servers' default for absent clients (300 s), so that the server reports the end first. If a server
 *     on a firehose 3 has a store, its own time for absent clients and 5 s more count instead
 * @param peerTimeout cuts a firehose whose server has acknowledged nothing of what was sent for so long, or that is
 *     idle and has not answered keepalive for so long; 1 ms to 365 days, at least 4 s for an idle firehose. Default 20
 *     s. A server that is alive but does not read is not cut, since its kernel still answers. On Linux the backend can
 *     tell (by {@code /proc/net/tcp}, at most every half second, and only while sent data is unacknowledged). On other
 *     systems a firehose is cut when a write has been stuck for six times this timeout and nothing was received either
 * @param stallTimeout cuts a firehose whose server is alive but has read nothing for so long while packets wait for it;
 *     1 ms to 365 days. Default 120 s
 * @param maxFrameBytes the longest frame on a firehose in either direction, tag included; 9 to 2147483583. A server
 *     that sends a longer one is cut, and the application can't send one. All firehoses together may hold 16 unfinished
 *     frames of this length; beyond that, a firehose of the host that holds most is cut. Default 8 MiB, as in the
 *     servers; raise it together with their {@code listener.max_frame_size}
 * @param sendBufferBytes the most bytes that may wait for each firehose; at least 1. Default 64 MiB. On a firehose 3: for
 *     each server, until it has acknowledged them; all servers without a link may keep four times as many together
 * @param awayBufferBytes the most bytes that may wait for all sessions of firehoses 2 without a firehose; 0 or more. Default
 *     64 MiB
 * @param maxFirehoses the most connection servers that may be attached; at least 1. Default 256. At the limit a
 *     firehose without sessions gives way to a new connection; it is one of the host that has most of these. If all
 *     firehoses carry sessions, one of the host that has most firehoses gives way, provided that the new connection's
 *     host then has fewer. Otherwise the new connection is refused
 * @param maxSessions the most sessions, including those that are away; at least 1. Default 1 000 000. A session beyond
 *     that is refused: its packets are dropped and counted, and its client is kicked. One host may have four times as
 *     many sessions as are free, which is four fifths of all if it is the only host
 * @param threads makes the threads: two for each firehose, and three more. Default: daemon threads. Virtual threads
 *     work too: {@code Thread.ofVirtual().factory()}
 * @param instance the name of this backend process for servers that speak firehose 3, see {@link #withInstance(String)}.
 *     Default null: a random name
 * @param tls listen with TLS, see {@link #withTls(BackendTls)}. Default null: without
 * @param undeliveredBytesPerSession the most bytes of packets that are kept for one session until its client has acknowledged
 *     them, so that another server can go on with the session if its own dies; 0 to 512 MiB. Default 1 MiB. Each packet
 *     counts 12 bytes more. Beyond a bound nobody waits and no packet is lost, but that session can't change its server until
 *     its client has acknowledged what is not kept: it ends then, with {@link EndReason#GAP}. Only for servers whose sessions
 *     outlive them: they speak firehose 3 and have a {@code [store]}. For others nothing is kept. 0 keeps nothing
 * @param undeliveredPacketsPerSession the most packets that are kept in the same way for one session; at least 0. Default
 *     8192. 0 keeps nothing
 * @param undeliveredBytes the most memory for what is kept in the same way for all sessions together; at least 0. Default 256
 *     MiB. Packets that also wait in a send buffer count in both. 0 keeps nothing
 * @param sharedIds whether servers that speak firehose 2 share a store, so that the same id is the same session on all of
 *     them, see {@link #withSharedIds(boolean)}. Default false
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
        ThreadFactory threads,
        @Nullable String instance,
        @Nullable BackendTls tls,
        long undeliveredBytesPerSession,
        int undeliveredPacketsPerSession,
        long undeliveredBytes,
        boolean sharedIds) {

    private static final long MIB = 1024 * 1024;
    private static final int MAX_FRAME_BYTES = Integer.MAX_VALUE - 64;
    private static final long MAX_UNDELIVERED_BYTES = 512 * MIB;

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
            BackendOptions::daemon,
            null,
            null,
            MIB,
            8192,
            256 * MIB,
            false);

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
     * @param instance any text but 32 zeros; null for a random name
     * @param tls the settings of TLS; null: none
     * @param undeliveredBytesPerSession 0 to 512 MiB
     * @param undeliveredPacketsPerSession at least 0
     * @param undeliveredBytes at least 0
     * @param sharedIds whether servers on firehose 2 share their sessions
     * @throws IllegalArgumentException if a value is out of range; the message names it
     */
    public BackendOptions {
        OptionRanges.check("orphanTimeout", orphanTimeout, Duration.ZERO, "0 s");
        OptionRanges.check("peerTimeout", peerTimeout, Duration.ofMillis(1), "1 ms");
        OptionRanges.check("stallTimeout", stallTimeout, Duration.ofMillis(1), "1 ms");
        OptionRanges.check("maxFrameBytes", maxFrameBytes, Tag.BYTES, MAX_FRAME_BYTES);
        OptionRanges.check("sendBufferBytes", sendBufferBytes, 1);
        OptionRanges.check("awayBufferBytes", awayBufferBytes, 0);
        OptionRanges.check("maxFirehoses", maxFirehoses, 1);
        OptionRanges.check("maxSessions", maxSessions, 1);
        OptionRanges.checkInstance(instance);
        OptionRanges.check("undeliveredBytesPerSession", undeliveredBytesPerSession, 0, MAX_UNDELIVERED_BYTES);
        OptionRanges.check("undeliveredPacketsPerSession", undeliveredPacketsPerSession, 0);
        OptionRanges.check("undeliveredBytes", undeliveredBytes, 0);
    }

    /**
     * Creates options with the default bounds of what is kept for clients.
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
     * @param instance any text but 32 zeros; null for a random name
     * @param tls the settings of TLS; null: none
     * @throws IllegalArgumentException if a value is out of range; the message names it
     */
    public BackendOptions(
            Duration orphanTimeout,
            Duration peerTimeout,
            Duration stallTimeout,
            int maxFrameBytes,
            long sendBufferBytes,
            long awayBufferBytes,
            int maxFirehoses,
            int maxSessions,
            ThreadFactory threads,
            @Nullable String instance,
            @Nullable BackendTls tls) {
        this(
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
                MIB,
                8192,
                256 * MIB,
                false);
    }

    /**
     * Creates options with a random name for this backend process.
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
     * @throws IllegalArgumentException if a value is out of range; the message names it
     */
    public BackendOptions(
            Duration orphanTimeout,
            Duration peerTimeout,
            Duration stallTimeout,
            int maxFrameBytes,
            long sendBufferBytes,
            long awayBufferBytes,
            int maxFirehoses,
            int maxSessions,
            ThreadFactory threads) {
        this(
                orphanTimeout,
                peerTimeout,
                stallTimeout,
                maxFrameBytes,
                sendBufferBytes,
                awayBufferBytes,
                maxFirehoses,
                maxSessions,
                threads,
                null,
                null);
    }

    /**
     * Returns a copy of these options with another {@link #orphanTimeout()}.
     *
     * @param value 0 s to 365 days
     * @return a copy
     */
    public BackendOptions withOrphanTimeout(Duration value) {
        return copy(draft -> draft.orphanTimeout(value));
    }

    /**
     * Returns a copy of these options with another {@link #peerTimeout()}.
     *
     * @param value 1 ms to 365 days
     * @return a copy
     */
    public BackendOptions withPeerTimeout(Duration value) {
        return copy(draft -> draft.peerTimeout(value));
    }

    /**
     * Returns a copy of these options with another {@link #stallTimeout()}.
     *
     * @param value 1 ms to 365 days
     * @return a copy
     */
    public BackendOptions withStallTimeout(Duration value) {
        return copy(draft -> draft.stallTimeout(value));
    }

    /**
     * Returns a copy of these options with another {@link #maxFrameBytes()}.
     *
     * @param value 9 to 2147483583
     * @return a copy
     */
    public BackendOptions withMaxFrameBytes(int value) {
        return copy(draft -> draft.maxFrameBytes(value));
    }

    /**
     * Returns a copy of these options with another {@link #sendBufferBytes()}.
     *
     * @param value at least 1
     * @return a copy
     */
    public BackendOptions withSendBufferBytes(long value) {
        return copy(draft -> draft.sendBufferBytes(value));
    }

    /**
     * Returns a copy of these options with another {@link #awayBufferBytes()}.
     *
     * @param value at least 0; with 0 nothing is kept
     * @return a copy
     */
    public BackendOptions withAwayBufferBytes(long value) {
        return copy(draft -> draft.awayBufferBytes(value));
    }

    /**
     * Returns a copy of these options with another {@link #maxFirehoses()}.
     *
     * @param value at least 1
     * @return a copy
     */
    public BackendOptions withMaxFirehoses(int value) {
        return copy(draft -> draft.maxFirehoses(value));
    }

    /**
     * Returns a copy of these options with another {@link #maxSessions()}.
     *
     * @param value at least 1
     * @return a copy
     */
    public BackendOptions withMaxSessions(int value) {
        return copy(draft -> draft.maxSessions(value));
    }

    /**
     * Returns a copy of these options with another {@link #threads()}.
     *
     * @param value makes a thread for each task; their names are set by this library
     * @return a copy
     */
    public BackendOptions withThreads(ThreadFactory value) {
        return copy(draft -> draft.threads(value));
    }

    /**
     * Returns a copy of these options with another {@link #instance()}: the name by which servers that speak firehose 3
     * recognise this backend process. A server that meets the name of the process that it spoke to last goes on with the
     * counts of both; so only a backend that has kept these may use a name again. This library does not store them, so a
     * restarted backend gets along with any name: the server tells it all sessions, and sends again what was not
     * acknowledged.
     *
     * @param value 32 hexadecimal digits for the 16 bytes of the name, or any other text, of whose SHA-256 the first 16
     *     bytes are the name; null for a random name
     * @return a copy
     * @throws IllegalArgumentException if the name is 32 zeros
     */
    public BackendOptions withInstance(@Nullable String value) {
        return copy(draft -> draft.instance(value));
    }

    /**
     * Returns a copy of these options for a backend that listens with TLS. Who can reach its port can then no longer read or
     * change the packets of the firehose; and no longer pretend to be the server, if certificates are {@linkplain
     * BackendTls#requireClientCertificates(java.nio.file.Path) required}.
     *
     * @param value the settings of TLS; null: without TLS
     * @return a copy
     */
    public BackendOptions withTls(@Nullable BackendTls value) {
        return copy(draft -> draft.tls(value));
    }

    /**
     * Returns a copy of these options with another {@link #undeliveredBytesPerSession()}.
     *
     * @param value 0 to 512 MiB; with 0 nothing is kept
     * @return a copy
     */
    public BackendOptions withUndeliveredBytesPerSession(long value) {
        return copy(draft -> draft.undeliveredBytesPerSession(value));
    }

    /**
     * Returns a copy of these options with another {@link #undeliveredPacketsPerSession()}.
     *
     * @param value at least 0; with 0 nothing is kept
     * @return a copy
     */
    public BackendOptions withUndeliveredPacketsPerSession(int value) {
        return copy(draft -> draft.undeliveredPacketsPerSession(value));
    }

    /**
     * Returns a copy of these options with another {@link #undeliveredBytes()}.
     *
     * @param value at least 0; with 0 nothing is kept
     * @return a copy
     */
    public BackendOptions withUndeliveredBytes(long value) {
        return copy(draft -> draft.undeliveredBytes(value));
    }

    /**
     * Returns a copy of these options for connection servers that speak firehose 2 and share a store. A session that one of
     * them announces then moves to it from another one that is still there; {@link Handler#reconnected} tells. Packets that
     * are on their way at that moment may be lost, in both directions. Without this, the same id on two servers that are both
     * there is two sessions. Servers that speak firehose 3 need no such option.
     *
     * @param value whether servers on firehose 2 share their sessions
     * @return a copy
     */
    public BackendOptions withSharedIds(boolean value) {
        return copy(draft -> draft.sharedIds(value));
    }

    private BackendOptions copy(Consumer<OptionsDraft> change) {
        OptionsDraft draft = new OptionsDraft(this);
        change.accept(draft);
        return draft.options();
    }

    /** Refuses data that is too long for a frame. */
    void checkLength(int length) {
        int max = maxFrameBytes - Tag.BYTES;
        if (length > max) {
            throw new IllegalArgumentException("a packet of " + length + " bytes (expected: at most " + max
                    + ", see BackendOptions.maxFrameBytes: for a longer one servers cut the firehose)");
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }
}
