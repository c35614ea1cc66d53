package net.voltlane.server;

import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import net.voltlane.server.config.Address;
import net.voltlane.server.link.Transport;

/**
 * All listeners of a server. Their ports are reserved together at the start, and they are ready when all of them listen.
 * Made on any thread; the rest belongs to the session loop.
 */
final class Listeners {
    /**
     * The configuration of a listener.
     *
     * @param transport the layers between its sockets and the frames of its clients
     */
    record Settings(Address address, Transport transport) {}

    private final List<ListeningPort> ports = new ArrayList<>();
    private boolean hasFailed;

    /** Told the outcome of {@link #open} by one call on the session loop, unless all is closed before. */
    interface Outcome {
        /** @param local the address of each listener, in the order of their settings */
        void opened(List<InetSocketAddress> local);

        /** @param why for the operator, of the first listener that failed; the others are to be closed */
        void failed(String why);
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
                ports.add(new ListeningPort(one.address(), one.transport()));
            }
        } catch (StartException e) {
            close();
            throw e;
        }
    }

    /** @param bind begins to listen on a port; may be called for all before the first has succeeded */
    void open(Function<ListeningPort, ChannelFuture> bind, EventLoop sessionLoop, Outcome outcome) {
        InetSocketAddress[] local = new InetSocketAddress[ports.size()];
        int[] left = {local.length};
        for (int i = 0; i < local.length; i++) {
            int index = i;
            ports.get(i).open(bind.apply(ports.get(i)), sessionLoop, new ListeningPort.Outcome() {
                @Override
                public void opened(InetSocketAddress address) {
                    local[index] = address;
                    if (--left[0] == 0) {
                        outcome.opened(Arrays.asList(local));
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

    /** Stops listening everywhere, and gives all ports up. A second call does nothing. */
    void close() {
        ports.forEach(ListeningPort::close);
    }
}
