package net.voltlane.server;

import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import net.voltlane.server.address.AddressText;
import net.voltlane.server.config.Address;
import net.voltlane.server.link.Transport;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.log.LogField;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * All listeners of a server. Their ports are reserved together at the start, and they are ready when all of them listen.
 * Made on any thread; the rest belongs to the session loop.
 */
final class Listeners {
    /**
     * The configuration of a listener.
     *
     * @param name the name of its section, such as {@code listener} or {@code tls}
     * @param transport the layers between its sockets and the frames of its clients
     * @param socketMode the permissions of its file, if it is a Unix socket
     */
    record Settings(String name, Address address, Transport transport, int socketMode) {
        /** A listener of IP. */
        Settings(String name, Address address, Transport transport) {
            this(name, address, transport, 0);
        }
    }

    private final List<ListeningPort> ports = new ArrayList<>();
    private boolean hasFailed;
    /** Written on the session loop. */
    private volatile Map<String, SocketAddress> addresses = Map.of();

    /** Told the outcome of {@link #open} by one call on the session loop, unless all is closed before. */
    interface Outcome {
        /** @param local the address of each listener by its name, in the order of their settings */
        void opened(Map<String, SocketAddress> local);

        /** @param why for the operator, of the first listener that failed; the others are to be closed */
        void failed(String why);

        /** An outcome that two methods take. */
        static Outcome of(Consumer<Map<String, SocketAddress>> opened, Consumer<String> failed) {
            return new Outcome() {
                @Override
                public void opened(Map<String, SocketAddress> local) {
                    opened.accept(local);
                }

                @Override
                public void failed(String why) {
                    failed.accept(why);
                }
            };
        }
    }

    /**
     * Looks up all hosts, which may block, and reserves the ports.
     *
     * @throws StartException if a host is unknown or a port can't be had; none is reserved then
     */
    Listeners(List<Settings> settings) {
        assert !settings.isEmpty() : "a server without a listener serves nobody";
        try {
            for (Settings one : settings) {
                ports.add(new ListeningPort(one));
            }
        } catch (StartException e) {
            close();
            throw e;
        }
    }

    /** @param bind begins to listen on a port; may be called for all before the first has succeeded */
    void open(Function<ListeningPort, ChannelFuture> bind, EventLoop sessionLoop, Outcome outcome) {
        SocketAddress[] local = new SocketAddress[ports.size()];
        int[] left = {local.length};
        for (int i = 0; i < local.length; i++) {
            int index = i;
            ports.get(i).open(bind, sessionLoop, new ListeningPort.Outcome() {
                @Override
                public void opened(SocketAddress address) {
                    local[index] = address;
                    if (--left[0] == 0) {
                        addresses = byName(local);
                        outcome.opened(addresses);
                    }
                }

                @Override
                public void failed(String why) {
                    if (!hasFailed) {
                        hasFailed = true;
                        outcome.failed(why);
                    }
                }
            });
        }
    }

    private Map<String, SocketAddress> byName(SocketAddress[] local) {
        Map<String, SocketAddress> byName = new LinkedHashMap<>();
        for (int i = 0; i < local.length; i++) {
            byName.put(ports.get(i).settings().name(), local[i]);
        }
        return Collections.unmodifiableMap(byName);
    }

    /** The address of each listener by its name, once all listen; empty before. Any thread. */
    Map<String, SocketAddress> addresses() {
        return addresses;
    }

    /**
     * The addresses for people, such as {@code 127.0.0.1:42000} and {@code tls 127.0.0.1:42443}. A transport other than
     * bare TCP is named. Empty before all listen. Any thread.
     */
    List<String> shown() {
        Map<String, SocketAddress> local = addresses;
        return ports.stream()
                .map(ListeningPort::settings)
                .filter(one -> local.containsKey(one.name()))
                .map(one -> word(one.transport()) + shown(local.get(one.name())))
                .toList();
    }

    /** Tells the operator that clients are accepted. */
    void logReady(Logger log, String socketKind) {
        String all = String.join(", ", shown());
        LogEvent.READY
                .on(log)
                .addKeyValue(LogField.ADDRESS.key(), all)
                .log("Ready: clients are accepted on {} ({})", all, socketKind);
    }

    private static String word(Transport transport) {
        return transport.allowsDirectWrites() ? "" : transport.name() + " ";
    }

    private static String shown(@Nullable SocketAddress address) {
        return address == null ? "nowhere" : AddressText.of(AddressText.inet(address));
    }

    /** Stops listening everywhere, and gives all ports up. A second call does nothing. */
    void close() {
        ports.forEach(ListeningPort::close);
    }
}
