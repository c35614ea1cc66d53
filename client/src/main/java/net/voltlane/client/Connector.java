package net.voltlane.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes links to one server: dials, and does the handshake. Each call is one attempt, and ends in a link that is ready
 * for data or in an exception that says what went wrong and leaves no socket behind. All that it remembers is which of
 * the server's addresses served last; any thread may call it.
 */
final class Connector {

    /** Hears how an attempt goes. */
    interface Observer {
        /** This is going to be the link: somebody may close it, connected or not, if it takes too long for them. */
        void dialing(Link link) throws ClientException;

        /** The server knows the session that is to be resumed: its challenge opened. */
        default void sessionLives() {}
    }

    /**
     * A link that is ready for data.
     *
     * @param link not bounded
     * @param state of the session it carries
     * @param isNew whether the session is new
     */
    record Connected(Link link, SessionState state, boolean isNew) {}

    private final ServerAddress address;
    private final HostResolver resolver;
    private final Options.Timeouts timeouts;
    private final SecureRandom random;
    private final Candidates candidates = new Candidates();

    Connector(ServerAddress address, HostResolver resolver, Options.Timeouts timeouts, SecureRandom random) {
        this.address = address;
        this.resolver = resolver;
        this.timeouts = timeouts;
        this.random = random;
    }

    /** Opens a new session; {@code expectedKey} is the server's, where that is known. */
    Connected open(byte @Nullable [] expectedKey, Observer observer) throws ClientException {
        return greet(dial(observer), handshake -> new Opening(handshake.open(expectedKey), true));
    }

    /** Resumes a session. */
    Connected resume(SessionState state, Observer observer) throws ClientException {
        return greet(dial(observer), handshake -> {
            handshake.resume(state, observer);
            return new Opening(state, false);
        });
    }

    private record Opening(SessionState state, boolean isNew) {}

    @FunctionalInterface
    private interface Greeting {
        Opening greet(Handshake handshake) throws ClientException;
    }

    private Connected greet(Link link, Greeting greeting) throws ClientException {
        InetAddress host = link.remote().getAddress();
        boolean done = false;
        try {
            link.bound(timeouts.handshakeNanos());
            Opening opening = greeting.greet(new Handshake(link, random));
            link.unbound();
            done = true;
            candidates.served(host);
            return new Connected(link, opening.state(), opening.isNew());
        } catch (ClientException e) {
            throw e;
        } catch (IOException e) {
            throw new HungUpException("the link broke right after the handshake", e);
        } finally {
            if (!done) {
                candidates.failed(host);
                link.close();
            }
        }
    }

    /** Tries every address that the name stands for at this moment. */
    private Link dial(Observer observer) throws ClientException {
        List<InetSocketAddress> targets = candidates.inOrder(resolve()).stream()
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
            throw new UnreachableException("no connection to " + address + ": " + words(e), e);
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
            throw new UnreachableException("no address is known for " + address.host() + ": " + words(e), e);
        }
        if (hosts.isEmpty()) {
            throw new UnreachableException("no address is known for " + address.host(), null);
        }
        return hosts;
    }

    /** Some exceptions have no message. */
    private static String words(IOException e) {
        String message = e.getMessage();
        return message == null || message.isEmpty() ? e.getClass().getSimpleName() : message;
    }
}
