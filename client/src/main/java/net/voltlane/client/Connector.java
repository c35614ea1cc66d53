package net.voltlane.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes links to one server: it dials and does the handshake. Each call is one attempt. It returns a link that is ready
 * for data, or throws an exception that says what went wrong and leaves no socket open. The only state is the ranking
 * of the server's addresses. Thread-safe.
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
    }

    /**
     * A link that is ready for data.
     *
     * @param link without a timeout
     * @param state of the session that the link carries
     * @param isNew whether the session is new
     */
    record Connected(Link link, SessionState state, boolean isNew) {}

    private final ServerAddress address;
    private final HostResolver resolver;
    private final Options.Timeouts timeouts;
    private final SecureRandom random;
    private final AddressRanking ranking = new AddressRanking();

    Connector(ServerAddress address, HostResolver resolver, Options.Timeouts timeouts, SecureRandom random) {
        this.address = address;
        this.resolver = resolver;
        this.timeouts = timeouts;
        this.random = random;
    }

    /**
     * Opens a new session.
     *
     * @param expectedKey the key that the server has to show; null accepts any
     */
    Connected open(byte @Nullable [] expectedKey, Observer observer) throws ClientException {
        return handshake(dial(observer), handshake -> new Opening(handshake.open(expectedKey), true));
    }

    /** Resumes a session. */
    Connected resume(SessionState state, Observer observer) throws ClientException {
        return handshake(dial(observer), handshake -> {
            handshake.resume(state, observer);
            return new Opening(state, false);
        });
    }

    private record Opening(SessionState state, boolean isNew) {}

    @FunctionalInterface
    private interface HandshakeStep {
        Opening run(Handshake handshake) throws ClientException;
    }

    private Connected handshake(Link link, HandshakeStep step) throws ClientException {
        InetAddress host = link.remote().getAddress();
        boolean done = false;
        try {
            link.startTimeout(timeouts.handshakeNanos());
            Opening opening = step.run(new Handshake(link, random));
            link.clearTimeout();
            done = true;
            ranking.served(host);
            return new Connected(link, opening.state(), opening.isNew());
        } catch (ClientException e) {
            throw e;
        } catch (IOException e) {
            throw new HungUpException("the link broke right after the handshake", e);
        } finally {
            if (!done) {
                ranking.failed(host);
                link.close();
            }
        }
    }

    /** Dials every address that the server's name has at this moment. */
    private Link dial(Observer observer) throws ClientException {
        List<InetSocketAddress> targets = ranking.inOrder(resolve()).stream()
                .map(host -> new InetSocketAddress(host, address.port()))
                .toList();
        Link link = Link.unconnected(targets, timeouts.connectNanos());
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

    private List<InetAddress> resolve() throws ClientException {
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
