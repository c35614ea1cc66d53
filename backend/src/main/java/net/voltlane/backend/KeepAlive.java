package net.voltlane.backend;

import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.Map;

/**
 * Finds out about links that vanished without a word, such as with the power of the server's machine: in half a minute.
 * The system's own default is hours, for which sessions would seem to be there.
 */
final class KeepAlive {
    /**
     * By name: the options have a module of their own, which a small runtime may lack. In seconds, and a number of
     * probes.
     */
    private static final Map<String, Integer> PROBES =
            Map.of("TCP_KEEPIDLE", 15, "TCP_KEEPINTERVAL", 5, "TCP_KEEPCOUNT", 3);

    private KeepAlive() {}

    /** As far as the system knows the options. */
    static void set(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        for (SocketOption<?> option : channel.supportedOptions()) {
            Integer value = PROBES.get(option.name());
            if (value != null && option.type() == Integer.class) {
                set(channel, option, value);
            }
        }
    }

    @SuppressWarnings("unchecked") // its type was looked at
    private static void set(SocketChannel channel, SocketOption<?> option, int value) throws IOException {
        channel.setOption((SocketOption<Integer>) option, value);
    }
}
