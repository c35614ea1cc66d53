package net.voltlane.server.names;

import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The resolver of this machine's own configuration. Each look-up reads the hosts file, then {@code resolv.conf}, and
 * asks the name servers that it names. The JDK is asked last, on a thread of its own, for names that are known by other
 * means than DNS: it asks the C library, and caches the answer for {@code networkaddress.cache.ttl} seconds. For a host
 * that is given as an address nothing is read or loaded.
 *
 * <p>Belongs to one loop.
 */
public final class SystemNames implements NameLookup {
    private static final Logger log = LoggerFactory.getLogger(SystemNames.class);
    private static final Path HOSTS = Path.of("/etc/hosts");
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");

    private static final long JDK_LIMIT_MILLIS = 5_000;
    /** The most look-ups of the JDK at a time. Each may block its thread until the C library gives up. */
    private static final int MOST_THREADS = 4;

    private final EventLoop loop;
    private final Class<? extends DatagramChannel> datagrams;
    private final Class<? extends SocketChannel> streams;
    private final Path hosts;
    private final Supplier<ResolvConf> nameServers;
    private final Function<String, Found> jdk;
    private final ExecutorService threads = new ThreadPoolExecutor(
            0,
            MOST_THREADS,
            1,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            new DefaultThreadFactory("voltlane-resolver", true));

    /**
     * @param datagrams the datagram channels of {@code loop}, for questions to name servers
     * @param streams the stream channels of {@code loop}, for long answers
     */
    public SystemNames(
            EventLoop loop, Class<? extends DatagramChannel> datagrams, Class<? extends SocketChannel> streams) {
        this(loop, datagrams, streams, HOSTS, () -> read(RESOLV_CONF), SystemNames::jdk);
    }

    SystemNames(
            EventLoop loop,
            Class<? extends DatagramChannel> datagrams,
            Class<? extends SocketChannel> streams,
            Path hosts,
            Supplier<ResolvConf> nameServers,
            Function<String, Found> jdk) {
        this.loop = loop;
        this.datagrams = datagrams;
        this.streams = streams;
        this.hosts = hosts;
        this.nameServers = nameServers;
        this.jdk = jdk;
    }

    @Override
    public void find(String host, Consumer<Found> then) {
        if (Literals.isOne(host)) {
            then.accept(Literals.find(host));
        } else {
            LookUp lookUp = new LookUp(host, then);
            onThread(lookUp, lookUp::askFiles);
        }
    }

    /** Reads a file; one that can't be read names no servers. */
    private static ResolvConf read(Path resolvConf) {
        try {
            // In this encoding any bytes are text: a comment in another encoding must not hide the servers.
            return ResolvConf.parse(Files.readAllLines(resolvConf, StandardCharsets.ISO_8859_1));
        } catch (IOException unreadable) {
            log.debug("{}: {}", resolvConf, unreadable.toString());
            return ResolvConf.parse(List.of());
        }
    }

    private void onThread(LookUp lookUp, Runnable work) {
        try {
            threads.execute(() -> {
                try {
                    work.run();
                } catch (RejectedExecutionException ended) {
                    log.debug("the loop ended while a name was looked up");
                } catch (RuntimeException | Error thrown) { // such as no descriptor left: the caller needs an answer
                    log.debug("a look-up failed", thrown);
                    lookUp.failed(thrown);
                }
            });
        } catch (RejectedExecutionException full) {
            loop.execute(() -> lookUp.answer(Found.nothing("earlier look-ups of the name still wait for an answer")));
        }
    }

    private final class LookUp {
        private final String host;
        private final Consumer<Found> then;
        /** Belongs to the loop. */
        private boolean isAnswered;

        LookUp(String host, Consumer<Found> then) {
            this.host = host;
            this.then = then;
        }

        /** On a thread. */
        void askFiles() {
            String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
            List<InetAddress> here = HostsFile.find(hosts, name);
            ResolvConf conf = nameServers.get();
            if (!here.isEmpty()) {
                loop.execute(() -> answer(Found.addresses(here)));
            } else if (conf.servers().isEmpty()) {
                askJdk();
            } else {
                askNameServers(conf);
            }
        }

        private void askNameServers(ResolvConf conf) {
            DnsQuestion.ask(loop, datagrams, streams, conf, host, found -> {
                if (found.isEmpty()) {
                    onThread(this, this::askJdk);
                } else {
                    answer(Found.addresses(found));
                }
            });
        }

        /** On a thread, which may be blocked for longer than the look-up waits. */
        private void askJdk() {
            loop.execute(() -> loop.schedule(
                    () -> answer(Found.nothing("the look-up of the name got no answer in time")),
                    JDK_LIMIT_MILLIS,
                    TimeUnit.MILLISECONDS));
            Found found = jdk.apply(host);
            loop.execute(() -> answer(found));
        }

        /** On a thread. */
        void failed(Throwable thrown) {
            Throwable root = thrown;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            String why = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
            try {
                loop.execute(() -> answer(Found.nothing("the look-up of the name failed: " + why)));
            } catch (RejectedExecutionException ended) {
                log.debug("the loop ended while a name was looked up");
            }
        }

        private void answer(Found found) {
            if (!isAnswered) {
                isAnswered = true;
                then.accept(found);
            }
        }
    }

    private static Found jdk(String host) {
        try {
            return Found.addresses(List.of(InetAddress.getAllByName(host)));
        } catch (UnknownHostException e) {
            // The JDK writes the name before the C library's message, and leaves the message out if it was cached.
            String message = String.valueOf(e.getMessage());
            boolean says = message.startsWith(host + ": ");
            return Found.nothing("unknown host" + (says ? ": " + message.substring(host.length() + 2) : ""));
        }
    }
}
