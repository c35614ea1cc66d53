package net.voltlane.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import net.voltlane.protocol.Limits;
import org.jspecify.annotations.Nullable;

/**
 * Makes links to a server, or to one of several: it dials and does the handshake. Each call is one attempt. It returns a link that is ready
 * for data, or throws an exception that says what went wrong and leaves no socket open. The only state is the choice
 * of the server and the ranking of its addresses. Thread-safe.
 */
final class Connector {

    /** An observer of one attempt. */
    interface Observer {
        /**
         * Called with the link before it is dialled. Any thread may close it from now on, connected or not, to cancel
         * the attempt.
         */
        void dialing(Link link) throws ClientException;

        /** Called when the server's challenge could be decrypted: it knows the session that is to be resumed. */
        default void sessionConfirmed() {}

        /**
         * Called when a session of version 3 is about to be resumed on a link, for the newest counts. Packets that have
         * come, and that the program has not taken over by now, come again.
         */
        default ResumeCounts counts(SessionState state) {
            return ResumeCounts.of(state);
        }
    }

    /**
     * A link that is ready for data.
     *
     * @param link without a timeout
     * @param state of the session that the link carries
     * @param isNew whether the session is new
     * @param terms of a link of version 3; null for version 2
     */
    record Connected(
            Link link,
            SessionState state,
            boolean isNew,
            @Nullable Terms terms) {}

    private final Layers layers;
    private final ServerChoice servers;
    private final HostResolver resolver;
    private final Options.Timeouts timeouts;
    private final SecureRandom random;
    private final Versions versions;
    private final AddressRanking ranking = new AddressRanking();

    /** Creates a connector for version 2. */
    Connector(ServerAddress address, HostResolver resolver, Options.Timeouts timeouts, SecureRandom random) {
        this(
                Layers.none(address, random),
                new ServerChoice(List.of(address)),
                resolver,
                timeouts,
                random,
                Versions.only2());
    }

    /**
     * @param layers what stands between links and their sockets, to whichever server
     * @param servers the servers that may be dialled
     * @param versions which versions of the protocol may be spoken, and how
     */
    Connector(
            Layers layers,
            ServerChoice servers,
            HostResolver resolver,
            Options.Timeouts timeouts,
            SecureRandom random,
            Versions versions) {
        this.layers = layers;
        this.servers = servers;
        this.resolver = resolver;
        this.timeouts = timeouts;
        this.random = random;
        this.versions = versions;
    }

    /**
     * Opens a new session, at one of the servers that the program has listed. If both versions may be spoken, a server that
     * hangs up at version 3 is asked for version 2, on another link.
     *
     * @param expectedKey the key that the server has to show; null accepts any. One of the other version is not asked for
     */
    Connected open(byte @Nullable [] expectedKey, Observer observer) throws ClientException {
        servers.forgetNamed();
        return atOneOf(address -> openAt(address, expectedKey, observer));
    }

    /** Called when the server asks the client to leave, see {@link ServerChoice#leave}. */
    void leave(String elsewhere) {
        servers.leave(elsewhere);
        ranking.leave();
    }

    @FunctionalInterface
    private interface Attempt {
        Connected at(ServerAddress address) throws ClientException;
    }

    /** Tries the servers in turn until one can be reached. A server that fails in another way is the last one next time. */
    private Connected atOneOf(Attempt attempt) throws ClientException {
        int left = servers.size();
        while (true) {
            ServerAddress address = servers.now();
            try {
                return attempt.at(address);
            } catch (ClientException e) {
                servers.failed(address);
                left--;
                if (left <= 0 || !(e instanceof UnreachableException)) {
                    throw e;
                }
            }
        }
    }

    private Connected openAt(ServerAddress address, byte @Nullable [] expectedKey, Observer observer)
            throws ClientException {
        ClientException refusal = null;
        if (versions.triesVersion3(address)) {
            try {
                Connected opened = open3(address, versions.expected3(expectedKey), observer);
                versions.speaks3(address);
                return opened;
            } catch (ClientException e) {
                if (!versions.fallsBack(address, e)) {
                    throw e;
                }
                refusal = e;
            }
        }
        try {
            Connected opened = open2(address, versions.expected2(expectedKey), observer);
            if (refusal != null) {
                versions.speaks2(address);
            }
            return opened;
        } catch (HungUpException e) {
            versions.hangsUpAt2(address);
            throw refusal == null ? e : refusal;
        }
    }

    private Connected open2(ServerAddress address, byte @Nullable [] expectedKey, Observer observer)
            throws ClientException {
        return handshake(
                address,
                dial(address, observer),
                Limits.PROTOCOL_VERSION,
                link -> new Connected(link, new Handshake(link, random).open(expectedKey), true, null));
    }

    private Connected open3(ServerAddress address, byte @Nullable [] expectedKey, Observer observer)
            throws ClientException {
        return handshake(
                address,
                dial(address, observer),
                Limits.PROTOCOL_VERSION_3,
                link -> handshake3(link).open(expectedKey, versions.credentials()));
    }

    /** Resumes a session, in the version that opened it. */
    Connected resume(SessionState state, Observer observer) throws ClientException {
        return atOneOf(address -> resumeAt(address, state, observer));
    }

    private Connected resumeAt(ServerAddress address, SessionState state, Observer observer) throws ClientException {
        boolean is3 = state.protocol() == Protocol.V3;
        return handshake(
                address, dial(address, observer), is3 ? Limits.PROTOCOL_VERSION_3 : Limits.PROTOCOL_VERSION, link -> {
                    if (is3) {
                        return handshake3(link).resume(state, observer.counts(state));
                    }
                    new Handshake(link, random).resume(state, observer);
                    return new Connected(link, state, false, null);
                });
    }

    private Version3Handshake handshake3(Link link) {
        return new Version3Handshake(link, random, versions.heartbeatSecs());
    }

    @FunctionalInterface
    private interface HandshakeStep {
        Connected run(Link link) throws ClientException;
    }

    private Connected handshake(ServerAddress address, Link link, int version, HandshakeStep step)
            throws ClientException {
        InetAddress host = link.remote().getAddress();
        boolean done = false;
        boolean built = false;
        try {
            link.startTimeout(timeouts.handshakeNanos());
            link.build(layers.to(address), version);
            built = true;
            Connected connected = step.run(link);
            link.clearTimeout();
            done = true;
            ranking.served(host);
            return connected;
        } catch (HungUpException e) {
            // Who hangs up before a version was spoken says nothing about versions.
            throw built && !link.isAnswered() ? e.withoutAnswer() : e;
        } finally {
            if (!done) {
                ranking.failed(host);
                link.close();
            }
        }
    }

    /** Dials every address that the server's name has at this moment. */
    private Link dial(ServerAddress address, Observer observer) throws ClientException {
        Link link = Link.unconnected(targets(address), timeouts.connectNanos());
        boolean done = false;
        try {
            observer.dialing(link);
            link.connect(timeouts.peerNanos());
            done = true;
            return link;
        } catch (ClientException e) {
            throw e;
        } catch (IOException e) {
            throw new UnreachableException("no connection to " + address + ": " + describe(e), e);
        } finally {
            if (!done) {
                link.close();
            }
        }
    }

    private List<? extends SocketAddress> targets(ServerAddress address) throws ClientException {
        return address.scheme() == Scheme.UNIX
                ? List.of(UnixDomainSocketAddress.of(address.host()))
                : ranking.inOrder(resolve(address)).stream()
                        .map(host -> new InetSocketAddress(host, address.port()))
                        .toList();
    }

    private List<InetAddress> resolve(ServerAddress address) throws ClientException {
        List<InetAddress> hosts;
        try {
            hosts = resolver.resolve(address.host());
        } catch (IOException e) {
            throw new UnreachableException("no address is known for " + address.host() + ": " + describe(e), e);
        }
        if (hosts.isEmpty()) {
            throw new UnreachableException("no address is known for " + address.host(), null);
        }
        return hosts;
    }

    /** Returns the message of an exception, or its type if it has none. */
    private static String describe(IOException e) {
        String message = e.getMessage();
        return message == null || message.isEmpty() ? e.getClass().getSimpleName() : message;
    }
}
