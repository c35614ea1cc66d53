package net.voltlane.server.config;

import java.util.function.Consumer;

/**
 * Section {@code listener}: the side that clients connect to.
 *
 * @param address where to listen; port 0 takes any free port
 * @param maxFrameSize the largest payload of a client's frame once the handshake is done, in bytes, 1 to 1 GiB
 * @param handshakeTimeoutSecs seconds from accept to the end of the handshake, at least 1
 * @param keyFile the file with the server's secret key, relative to the working directory; empty: a key in memory only
 * @param threads event loops for clients, 0 to 1024; 0: by the machine
 * @param transport how sockets are read and written
 * @param proxyProtocol whether connections come from proxies, which tell the clients' addresses
 * @param peerTimeoutSecs seconds for which a client may acknowledge nothing of what was sent, 0 to 3600; 0: for ever
 * @param keyFileRequired whether a key file that is not there and can't be made keeps the server from starting; else it
 *     goes on with a key in memory only
 */
public record Listener(
        Address address,
        int maxFrameSize,
        int handshakeTimeoutSecs,
        String keyFile,
        int threads,
        TransportKind transport,
        ProxyProtocol proxyProtocol,
        int peerTimeoutSecs,
        boolean keyFileRequired) {

    /** This, with another address. */
    public Listener withAddress(Address address) {
        return with(draft -> draft.address = address);
    }

    /** This, with another limit in bytes. */
    public Listener withMaxFrameSize(int maxFrameSize) {
        return with(draft -> draft.maxFrameSize = maxFrameSize);
    }

    /** This, with another timeout in seconds. */
    public Listener withHandshakeTimeoutSecs(int handshakeTimeoutSecs) {
        return with(draft -> draft.handshakeTimeoutSecs = handshakeTimeoutSecs);
    }

    /** This, with another key file, which is required; empty: a key in memory only. */
    public Listener withKeyFile(String keyFile) {
        return with(draft -> {
            draft.keyFile = keyFile;
            draft.keyFileRequired = !keyFile.isEmpty();
        });
    }

    /** This, with another number of event loops. */
    public Listener withThreads(int threads) {
        return with(draft -> draft.threads = threads);
    }

    /** This, with another transport. */
    public Listener withTransport(TransportKind transport) {
        return with(draft -> draft.transport = transport);
    }

    /** This, with or without proxies before it. */
    public Listener withProxyProtocol(ProxyProtocol proxyProtocol) {
        return with(draft -> draft.proxyProtocol = proxyProtocol);
    }

    /** This, with another timeout in seconds; 0: none. */
    public Listener withPeerTimeoutSecs(int peerTimeoutSecs) {
        return with(draft -> draft.peerTimeoutSecs = peerTimeoutSecs);
    }

    private Listener with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.listener();
    }

    /** What may still be changed. */
    private static final class Draft {
        Address address;
        int maxFrameSize;
        int handshakeTimeoutSecs;
        String keyFile;
        int threads;
        TransportKind transport;
        ProxyProtocol proxyProtocol;
        int peerTimeoutSecs;
        boolean keyFileRequired;

        Draft(Listener from) {
            address = from.address;
            maxFrameSize = from.maxFrameSize;
            handshakeTimeoutSecs = from.handshakeTimeoutSecs;
            keyFile = from.keyFile;
            threads = from.threads;
            transport = from.transport;
            proxyProtocol = from.proxyProtocol;
            peerTimeoutSecs = from.peerTimeoutSecs;
            keyFileRequired = from.keyFileRequired;
        }

        Listener listener() {
            return new Listener(
                    address,
                    maxFrameSize,
                    handshakeTimeoutSecs,
                    keyFile,
                    threads,
                    transport,
                    proxyProtocol,
                    peerTimeoutSecs,
                    keyFileRequired);
        }
    }
}
