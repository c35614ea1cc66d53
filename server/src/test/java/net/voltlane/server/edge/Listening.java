package net.voltlane.server.edge;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import net.voltlane.server.link.MemoryAccount;
import net.voltlane.server.link.TcpTransport;
import net.voltlane.server.link.Transport;
import net.voltlane.server.link.WireForm;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.server.tls.ServerTls;
import net.voltlane.server.tls.TlsDoors;
import net.voltlane.server.tls.TlsException;
import net.voltlane.server.tls.TlsPeer;
import net.voltlane.server.tls.TlsProtocol;
import net.voltlane.server.tls.TlsTransport;
import net.voltlane.server.websocket.WebSocketSettings;
import net.voltlane.server.websocket.WebSocketTransport;
import net.voltlane.testkit.certificates.TestAuthority;
import net.voltlane.testkit.certificates.TestCertificate;

/**
 * The transports of one server, each by each engine, with their clients.
 *
 * @param tls frees what they share, when all loops have ended
 */
record Listening(Kind kind, Transport transport, Supplier<WireForm> clients, ServerTls tls) implements AutoCloseable {
    enum Kind {
        TCP,
        WS,
        TLS_BORINGSSL,
        TLS_JDK,
        WSS_BORINGSSL,
        WSS_JDK;

        boolean isNative() {
            return this == TLS_BORINGSSL || this == WSS_BORINGSSL;
        }

        boolean isWebSocket() {
            return this == WS || this == WSS_BORINGSSL || this == WSS_JDK;
        }

        boolean isTls() {
            return this != TCP && this != WS;
        }
    }

    private static final TestAuthority AUTHORITY = TestAuthority.create("listening");
    private static final TestCertificate SERVER = AUTHORITY.server("localhost");
    private static final WebSocketSettings SETTINGS =
            new WebSocketSettings("/", Set.of(), List.of("voltlane.2", "voltlane.3"));

    static Listening on(Kind kind, Path folder, Metrics metrics, MemoryAccount memory) {
        ServerTls tls;
        try {
            tls = TlsDoors.of(SERVER.write(folder, "server"), metrics, memory, kind.isNative());
        } catch (TlsException e) {
            throw new AssertionError(e);
        }
        Supplier<TlsPeer> peers = () -> new TlsPeer(AUTHORITY, "TLSv1.3");
        return switch (kind) {
            case TCP -> new Listening(kind, TcpTransport.INSTANCE, Plain::new, tls);
            case WS -> new Listening(kind, WebSocketTransport.overTcp(SETTINGS, memory), WebSocketClient::new, tls);
            case TLS_BORINGSSL, TLS_JDK ->
                new Listening(kind, new TlsTransport(tls, TlsProtocol.VOLTLANE), peers::get, tls);
            case WSS_BORINGSSL, WSS_JDK ->
                new Listening(
                        kind,
                        WebSocketTransport.overTls(SETTINGS, memory, new TlsTransport(tls, TlsProtocol.HTTP)),
                        () -> new SecureWebSocketClient(peers.get()),
                        tls);
        };
    }

    /** Has the clients of a harness come this way from now on. */
    static Listening on(Kind kind, Path folder, EdgeHarness harness) {
        Listening listening = on(kind, folder, harness.metrics, harness.budget);
        harness.transport = listening.transport;
        harness.wireForms = kind == Kind.TCP ? null : listening.clients;
        return listening;
    }

    @Override
    public void close() {
        tls.close();
    }

    /** Frames go over as they are. */
    private record Plain() implements WireForm {
        @Override
        public byte[] seals(byte[] frames) {
            return frames;
        }

        @Override
        public byte[] opens(byte[] came) {
            return came;
        }
    }
}
