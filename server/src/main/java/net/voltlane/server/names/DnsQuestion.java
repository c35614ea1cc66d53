package net.voltlane.server.names;

import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddresses;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A question to the name servers for all addresses of a name, in both families. Nothing is cached: the name server caches
 * by the records' times to live, and dials are rare. Belongs to the loop of its sockets.
 */
final class DnsQuestion {
    /** A name server that does not answer in this time is skipped, and asked again in the next round. */
    private static final long QUERY_TIMEOUT_MILLIS = 1_500;

    private static final long LIMIT_MILLIS = 6_000;
    private static final int ROUNDS = 2;

    private final EventLoop loop;
    private final Consumer<List<InetAddress>> then;
    private boolean isOver;

    private DnsQuestion(EventLoop loop, Consumer<List<InetAddress>> then) {
        this.loop = loop;
        this.then = then;
    }

    /**
     * Asks the name servers. Passes the answer to {@code then} on {@code loop}: no addresses if there is no answer in
     * time. Loads a hundred classes the first time, so it is not for a loop.
     */
    static void ask(
            EventLoop loop,
            Class<? extends DatagramChannel> datagrams,
            Class<? extends SocketChannel> streams,
            ResolvConf conf,
            String host,
            Consumer<List<InetAddress>> then) {
        DnsNameResolver resolver = resolver(loop, datagrams, streams, conf);
        loop.execute(() -> new DnsQuestion(loop, then).ask(resolver, host));
    }

    private static DnsNameResolver resolver(
            EventLoop loop,
            Class<? extends DatagramChannel> datagrams,
            Class<? extends SocketChannel> streams,
            ResolvConf conf) {
        // Each server is listed once for each round, because Netty asks no entry twice.
        List<InetSocketAddress> servers = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            servers.addAll(conf.servers());
        }
        return new DnsNameResolverBuilder(loop)
                .datagramChannelType(datagrams)
                .socketChannelType(streams) // for answers that do not fit into a datagram
                .nameServerProvider(name -> DnsServerAddresses.sequential(servers).stream())
                .searchDomains(conf.search())
                .ndots(conf.ndots())
                .resolvedAddressTypes(ResolvedAddressTypes.IPV4_PREFERRED)
                .queryTimeoutMillis(QUERY_TIMEOUT_MILLIS)
                .optResourceEnabled(false) // some home routers do not answer questions that have one
                .hostsFileEntriesResolver((name, types) -> null) // read before, see HostsFile
                .resolveCache(NoopDnsCache.INSTANCE)
                .cnameCache(NoopDnsCnameCache.INSTANCE)
                .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE)
                .build();
    }

    private void ask(DnsNameResolver resolver, String host) {
        Future<?> limit = loop.schedule(() -> over(resolver, List.of()), LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        Future<List<InetAddress>> answer;
        try {
            answer = resolver.resolveAll(host);
        } catch (RuntimeException notAName) { // it can't be written in a question
            limit.cancel(false);
            over(resolver, List.of());
            return;
        }
        answer.addListener((Future<List<InetAddress>> f) -> {
            limit.cancel(false);
            over(resolver, f.isSuccess() ? f.getNow() : List.of());
        });
    }

    private void over(DnsNameResolver resolver, List<InetAddress> found) {
        if (!isOver) {
            isOver = true;
            resolver.close();
            then.accept(found);
        }
    }
}
