package net.voltlane.server.config;

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
 */
public record Listener(
        Address address,
        int maxFrameSize,
        int handshakeTimeoutSecs,
        String keyFile,
        int threads,
        TransportKind transport,
        ProxyProtocol proxyProtocol,
        int peerTimeoutSecs) {

    /** This, with another address. */
    public Listener withAddress(Address address) {
        return new Listener(
                address,
                maxFrameSize,
                handshakeTimeoutSecs,
                keyFile,
                threads,
                transport,
                proxyProtocol,
                peerTimeoutSecs);
    }

    /** This, with another limit in bytes. */
    public Listener withMaxFrameSize(int maxFrameSize) {
        return new Listener(
                address,
                maxFrameSize,
                handshakeTimeoutSecs,
                keyFile,
                threads,
                transport,
                proxyProtocol,
                peerTimeoutSecs);
    }

    /** This, with another timeout in seconds. */
    public Listener withHandshakeTimeoutSecs(int handshakeTimeoutSecs) {
        return new Listener(
                address,
                maxFrameSize,
                handshakeTimeoutSecs,
                keyFile,
                threads,
                transport,
                proxyProtocol,
                peerTimeoutSecs);
    }

    /** This, with another key file; empty: a key in memory only. */
    public Listener withKeyFile(String keyFile) {
        return new Listener(
                address,
                maxFrameSize,
                handshakeTimeoutSecs,
                keyFile,
                threads,
                transport,
                proxyProtocol,
                peerTimeoutSecs);
    }

    /** This, with another number of event loops. */
    public Listener withThreads(int threads) {
        return new Listener(
                address,
                maxFrameSize,
                handshakeTimeoutSecs,
                keyFile,
                threads,
                transport,
                proxyProtocol,
                peerTimeoutSecs);
    }

    /** This, with another transport. */
    public Listener withTransport(TransportKind transport) {
        return new Listener(
                address,
                maxFrameSize,
                handshakeTimeoutSecs,
                keyFile,
                threads,
                transport,
                proxyProtocol,
                peerTimeoutSecs);
    }

    /** This, with or without proxies before it. */
    public Listener withProxyProtocol(ProxyProtocol proxyProtocol) {
        return new Listener(
                address,
                maxFrameSize,
                handshakeTimeoutSecs,
                keyFile,
                threads,
                transport,
                proxyProtocol,
                peerTimeoutSecs);
    }

    /** This, with another timeout in seconds; 0: none. */
    public Listener withPeerTimeoutSecs(int peerTimeoutSecs) {
        return new Listener(
                address,
                maxFrameSize,
                handshakeTimeoutSecs,
                keyFile,
                threads,
                transport,
                proxyProtocol,
                peerTimeoutSecs);
    }
}
