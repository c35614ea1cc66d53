package net.voltlane.client;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import javax.net.ssl.SSLException;

/**
 * Builds the layers of a link on its socket: none for TCP, TLS, a WebSocket, or both. Thread-safe.
 *
 * @param address says which
 * @param tls the settings of TLS
 * @param random for keys and masks
 * @param maxMessageBytes the longest message
 */
record Layers(ServerAddress address, ClientTls tls, SecureRandom random, int maxMessageBytes) {

    /** Returns the layers for plain TCP. */
    static Layers none(ServerAddress address, SecureRandom random) {
        return new Layers(address, ClientTls.system(), random, 0);
    }

    /** Returns the layers to another server. */
    Layers to(ServerAddress other) {
        return other.equals(address) ? this : new Layers(other, tls, random, maxMessageBytes);
    }

    /**
     * Builds the layers. The socket needs a timeout, as a server may fall silent at every step.
     *
     * @param version of the protocol that will be spoken
     */
    Wire over(SocketWire socket, int version) throws ClientException {
        Wire top = socket;
        String step = "TLS";
        try {
            if (address.scheme().isSecure()) {
                top = TlsWire.open(tls.engine(address), top);
            }
            if (address.scheme().isWebSocket()) {
                step = "a WebSocket";
                byte[] arrived = new WebSocketUpgrade(top, address, version).open(random);
                top = new WebSocketWire(top, socket::startTimeout, random, arrived, maxMessageBytes);
            }
            return top;
        } catch (ClientException e) {
            throw e;
        } catch (SSLException e) {
            throw TlsFailures.of(e, address);
        } catch (SocketTimeoutException e) {
            throw new HandshakeTimeoutException("the server did not open " + step + " in time", e);
        } catch (IOException e) {
            throw new HungUpException(
                    "the server broke the link instead of opening " + step + " (expected: a listener with it)", e);
        }
    }
}
