package net.voltlane.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * Makes links to one server: dials, and does the handshake. Each call is one attempt, and ends in a link that is ready
 * for data or in an exception that says what went wrong and leaves no socket behind. It holds no state, so any thread
 * may call it.
 */
final class Connector {

    /** Hears of each link before it is connected, so that somebody can close it if it takes too long for them. */
    @FunctionalInterface
    interface Observer {
        void dialing(Link link) throws ClientException;
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
    private final Options.Timeouts timeouts;
    private final SecureRandom random;

    Connector(ServerAddress address, Options.Timeouts timeouts, SecureRandom random) {
        this.address = address;
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
            handshake.resume(state);
            return new Opening(state, false);
        });
    }

    private record Opening(SessionState state, boolean isNew) {}

    @FunctionalInterface
    private interface Greeting {
        Opening greet(Handshake handshake) throws ClientException;
    }

    private Connected greet(Link link, Greeting greeting) throws ClientException {
        boolean done = false;
        try {
            link.bound(timeouts.handshakeNanos());
            Opening opening = greeting.greet(new Handshake(link, random));
            link.unbound();
            done = true;
            return new Connected(link, opening.state(), opening.isNew());
        } catch (ClientException e) {
            throw e;
        } catch (IOException e) {
            throw new HungUpException("the link broke right after the handshake", e);
        } finally {
            if (!done) {
                link.close();
            }
        }
    }

    /** Tries every address that the name stands for; what is left of the time is shared by those that are left. */
    private Link dial(Observer observer) throws ClientException {
        InetAddress[] hosts = resolve();
        long start = System.nanoTime();
        IOException last = null;
        for (int i = 0; i < hosts.length; i++) {
            long left = timeouts.connectNanos() - (System.nanoTime() - start);
            try {
                return dial(new InetSocketAddress(hosts[i], address.port()), left / (hosts.length - i), observer);
            } catch (ClientException e) {
                throw e;
            } catch (IOException e) {
                last = e;
            }
        }
        throw new UnreachableException(
                "no connection to " + address + (last == null ? "" : ": " + last.getMessage()), last);
    }

    private static Link dial(InetSocketAddress target, long nanos, Observer observer) throws IOException {
        Link link = Link.unconnected();
        boolean done = false;
        try {
            observer.dialing(link);
            link.connect(target, nanos);
            done = true;
            return link;
        } finally {
            if (!done) {
                link.close();
            }
        }
    }

    private InetAddress[] resolve() throws ClientException {
        try {
            return InetAddress.getAllByName(address.host());
        } catch (UnknownHostException e) {
            throw new UnreachableException("no address is known for " + address.host(), e);
        }
    }
}
