package net.voltlane.server.tls;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import net.voltlane.server.link.MemoryAccount;
import net.voltlane.server.metrics.Metrics;

/**
 * The TLS of a server's listeners: the certificates in use, the keys of session tickets, and what the connections of each
 * loop share. New connections get the newest certificates; those that are there keep theirs. Thread-safe.
 */
public final class ServerTls implements AutoCloseable {
    /**
     * The parts of the server that TLS uses.
     *
     * @param memory charged with unfinished records
     * @param nanoClock for the age of keys
     * @param wallMillis milliseconds since 1970, for the dates of clients' certificates
     */
    public record Dependencies(
            Metrics metrics,
            MemoryAccount memory,
            SecureRandom random,
            LongSupplier nanoClock,
            LongSupplier wallMillis) {}

    private final Dependencies dependencies;
    private final SslProvider provider;
    private final TicketKeys tickets;
    private final Map<EventLoop, TlsLoop> loops = new ConcurrentHashMap<>();

    /** The digest of the files that were read at the start. */
    private final String contents;

    private volatile TlsContext current;
    /** The generation before. A loop may still be about to make an engine of it. */
    private TlsContext previous;

    private String clientCa;
    private boolean isClosed;

    /**
     * Reads all files, which blocks.
     *
     * @throws TlsException if one of them can't be used
     */
    public ServerTls(TlsFiles files, Dependencies dependencies) throws TlsException {
        this(files, dependencies, OpenSsl.isAvailable());
    }

    /** @param isNative true: TLS by BoringSSL; false: by the JDK */
    ServerTls(TlsFiles files, Dependencies dependencies, boolean isNative) throws TlsException {
        this.dependencies = dependencies;
        contents = FileDigest.of(files); // before they are read, so that a change meanwhile is seen
        provider = isNative ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK;
        tickets = new TicketKeys(dependencies.random(), dependencies.nanoClock().getAsLong());
        current = new TlsContext(files, provider);
        current.tickets(tickets);
        previous = current;
        clientCa = current.clientCa();
    }

    /** The library that does the work: {@code BoringSSL}, or {@code the JDK} where that does not load. */
    public String library() {
        return provider == SslProvider.JDK ? "the JDK" : OpenSsl.versionString();
    }

    /**
     * Takes these files for all connections from now on. Blocks. Certificates that are not valid now do not take the place
     * of those that are.
     *
     * @throws TlsException if one of them can't be used; then nothing has changed
     */
    synchronized void replace(TlsFiles files) throws TlsException {
        TlsContext next = new TlsContext(files, provider);
        String invalid = next.invalid(dependencies.wallMillis().getAsLong());
        if (invalid != null && current.invalid(dependencies.wallMillis().getAsLong()) == null) {
            next.release();
            throw new TlsException(invalid);
        }
        if (!next.clientCa().equals(clientCa)) {
            // A ticket lets its client in without another look at its certificate.
            tickets.forget(dependencies.nanoClock().getAsLong());
            clientCa = next.clientCa();
        }
        next.tickets(tickets);
        if (isClosed) {
            next.release();
            return;
        }
        if (previous != current) {
            previous.release();
        }
        previous = current;
        current = next;
    }

    /** Replaces the keys of session tickets when they are due. Called now and then. */
    synchronized void rotateTickets() {
        if (!isClosed && tickets.rotate(dependencies.nanoClock().getAsLong())) {
            current.tickets(tickets);
        }
    }

    /** The digest of the files that were read at the start. */
    String contents() {
        return contents;
    }

    /** The certificates in use. */
    TlsContext current() {
        return current;
    }

    TlsCodec newCodec(Channel channel, TlsProtocol protocol) {
        TlsLoop loop = loops.computeIfAbsent(
                channel.eventLoop(),
                any -> new TlsLoop(
                        channel.alloc(),
                        dependencies.metrics().newCounters(),
                        dependencies.memory(),
                        dependencies.wallMillis()));
        return new TlsCodec(new TlsEngine(current.newEngine(channel.alloc(), protocol)), loop);
    }

    /** Frees everything; all loops have ended. */
    @Override
    public synchronized void close() {
        if (!isClosed) {
            isClosed = true;
            loops.values().forEach(TlsLoop::release);
            if (previous != current) {
                previous.release();
            }
            current.release();
        }
    }
}
