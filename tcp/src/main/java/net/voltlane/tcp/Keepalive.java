package net.voltlane.tcp;

import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * TCP keepalive, for idle connections: the kernel probes the peer, and resets the connection when several probes in a
 * row stay unanswered. The system's own default takes more than two hours.
 */
public final class Keepalive {
    private static final int PROBES = 3;
    /** The share of the timeout before the first probe: one half. The other half is divided between the probes. */
    private static final int IDLE_SHARE = 2;

    /** The kernel's limit for both intervals, about nine hours. */
    private static final long MAX_SECS = 32_767;

    private Keepalive() {}

    /**
     * Sets up keepalive so that the kernel detects a vanished peer after about {@code timeoutNanos} of silence. The
     * kernel counts in whole seconds, so it takes at least 4 s. If the system has no such options, or the runtime lacks
     * the module {@code jdk.net}, the system's own, much longer times apply.
     *
     * @param channel connected or not
     * @param timeoutNanos more than 0
     * @throws IOException if the channel is closed
     */
    public static void set(SocketChannel channel, long timeoutNanos) throws IOException {
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        Map<String, Integer> values = Map.of(
                "TCP_KEEPIDLE", seconds(timeoutNanos / IDLE_SHARE),
                "TCP_KEEPINTERVAL", seconds(timeoutNanos / (IDLE_SHARE * PROBES)),
                "TCP_KEEPCOUNT", PROBES);
        for (SocketOption<?> option : channel.supportedOptions()) {
            Integer value = values.get(option.name());
            if (value != null && option.type() == Integer.class) {
                set(channel, option, value);
            }
        }
    }

    /**
     * Sets an option that was found by its name. The options are in a module of their own, which a small runtime may
     * lack.
     */
    @SuppressWarnings("unchecked") // its type was checked
    private static void set(SocketChannel channel, SocketOption<?> option, int value) throws IOException {
        channel.setOption((SocketOption<Integer>) option, value);
    }

    private static int seconds(long nanos) {
        return (int) Math.max(1, Math.min(TimeUnit.NANOSECONDS.toSeconds(nanos), MAX_SECS));
    }
}
