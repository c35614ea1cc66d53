package net.voltlane.client;

import static net.voltlane.testkit.certificates.TestAuthority.hours;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.certificates.TestAuthority;
import net.voltlane.testkit.certificates.TestCertificate;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tests of which servers a client trusts, and of what it says about others. */
@Timeout(60)
@ExtendWith({LeakCheck.class, ThreadsLeft.class})
final class TlsTrustTest {

    private static final String ADDRESS = "tls://127.0.0.1:";

    @TempDir
    Path folder;

    /** A server of TLS that opens one session on each link, and echoes. */
    private static final class TlsServer implements AutoCloseable {
        private final SSLServerSocket listener;
        private final ScriptedServer behind = ScriptedServer.of(peer -> {
            peer.open(7);
            while (true) {
                peer.data(peer.receive());
            }
        });
        private final Gateway gateway;

        TlsServer(TestCertificate certificate, boolean asks) throws IOException {
            gateway = Gateway.to(behind.port(), Scheme.TLS, Gateway.context(certificate));
            listener = gateway.listener();
            listener.setNeedClientAuth(asks);
        }

        ClientBuilder client(ClientTls tls) {
            return VoltlaneClient.builder(ADDRESS + gateway.port())
                    .tls(tls)
                    .protocol(Protocol.V2)
                    .handshakeTimeout(Duration.ofSeconds(10));
        }

        void assertServes(ClientTls tls) throws Exception {
            try (VoltlaneClient client = client(tls).connect()) {
                client.send(Bytes.utf8("hi"));
                assertThat(client.receive(Duration.ofSeconds(10))).isEqualTo(Bytes.utf8("hi"));
            }
        }

        void assertRefused(ClientTls tls, CloseReason reason, String... parts) {
            assertThatThrownBy(() -> client(tls).connect())
                    .isInstanceOfSatisfying(
                            ClientException.class,
                            e -> assertThat(e.reason()).as(e.toString()).isEqualTo(reason))
                    .hasMessageContainingAll(parts);
            assertThat(reason.retryable()).isEqualTo(reason == CloseReason.TLS);
        }

        @Override
        public void close() throws IOException {
            gateway.close();
            behind.close();
        }
    }

    @Test
    void aServerIsTrustedByItsAuthorityItsKeyOrAContext() throws Exception {
        TestCertificate certificate = Gateway.AUTHORITY.server("127.0.0.1");
        Path authority = Gateway.AUTHORITY.write(folder, "ca");
        String pin = "sha256/"
                + Base64.getEncoder()
                        .encodeToString(MessageDigest.getInstance("SHA-256")
                                .digest(certificate
                                        .chain()
                                        .get(0)
                                        .getPublicKey()
                                        .getEncoded()));
        try (TlsServer server = new TlsServer(certificate, false)) {
            server.assertServes(ClientTls.system().withAuthorities(authority));
            server.assertServes(Gateway.trust());
            server.assertServes(ClientTls.system().withPinnedKey(pin));
            server.assertServes(ClientTls.system()
                    .withPinnedCertificate(certificate.write(folder, "server").chain()));
        }
    }

    @Test
    void aServerOfAnUnknownAuthorityIsRefused() throws Exception {
        Path other = TestAuthority.create("other").write(folder, "other");
        Path otherServer = TestAuthority.create("other")
                .server("127.0.0.1")
                .write(folder, "s")
                .chain();
        try (TlsServer server = new TlsServer(Gateway.AUTHORITY.server("127.0.0.1"), false)) {
            server.assertRefused(
                    ClientTls.system(), CloseReason.CERTIFICATE_NOT_TRUSTED, "no trusted authority has signed it");
            server.assertRefused(
                    ClientTls.system().withAuthorities(other),
                    CloseReason.CERTIFICATE_NOT_TRUSTED,
                    "the certificate of " + ADDRESS,
                    "is not trusted");
            server.assertRefused(
                    ClientTls.system().withPinnedCertificate(otherServer),
                    CloseReason.CERTIFICATE_NOT_TRUSTED,
                    "its key is sha256/",
                    "(pinned: sha256/");
        }
    }

    @Test
    void aServerWithTheCertificateOfAnotherHostIsRefused() throws Exception {
        try (TlsServer server = new TlsServer(Gateway.AUTHORITY.server("game.example.org", "192.0.2.1"), false)) {
            ClientTls tls = ClientTls.system().withAuthorities(Gateway.AUTHORITY.write(folder, "ca"));
            server.assertRefused(tls, CloseReason.CERTIFICATE_WRONG_NAME, "is that of another host", "127.0.0.1");
            server.assertServes(tls.withServerName("game.example.org"));
            server.assertRefused(
                    tls.withServerName("www.example.org"), CloseReason.CERTIFICATE_WRONG_NAME, "www.example.org");
        }
    }

    /** The JDK checks no name with an underscore, although the name may be looked up. */
    @Test
    void aNameThatNoCertificateBearsIsSaidToBeSo() throws Exception {
        try (TlsServer server = new TlsServer(Gateway.AUTHORITY.server("game.example.org"), false)) {
            server.assertRefused(
                    Gateway.trust().withServerName("chat_server"),
                    CloseReason.CERTIFICATE_WRONG_NAME,
                    "no certificate bears a name such as chat_server (expected: ");
        }
    }

    /** The type of the exception says nothing: a program's own trust manager throws the same as the check of names. */
    @Test
    void aCertificateThatTheProgramItselfRefusesIsNotOneOfAnotherHost() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Refusing("it is on our own list")}, null);
        try (TlsServer server = new TlsServer(Gateway.AUTHORITY.server("127.0.0.1"), false)) {
            server.assertRefused(
                    ClientTls.of(context),
                    CloseReason.CERTIFICATE_NOT_TRUSTED,
                    "is not trusted: it is on our own list");
        }
    }

    private record Refusing(String why) implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException(why);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    @Test
    void anExpiredCertificateIsRefused() throws Exception {
        TestCertificate old = Gateway.AUTHORITY.issue("CN=old", "EC", hours(-9), hours(-8), "IP:127.0.0.1");
        try (TlsServer server = new TlsServer(old, false)) {
            server.assertRefused(Gateway.trust(), CloseReason.CERTIFICATE_NOT_TRUSTED, "NotAfter");
        }
    }

    @Test
    void aServerThatWantsACertificateGetsOne() throws Exception {
        TestCertificate own = Gateway.AUTHORITY.issue("CN=me", "RSA", hours(-1), hours(1));
        TestCertificate.Pair files = own.write(folder, "me");
        ClientTls tls = ClientTls.system().withAuthorities(Gateway.AUTHORITY.write(folder, "ca"));
        try (TlsServer server = new TlsServer(Gateway.AUTHORITY.server("127.0.0.1"), true)) {
            server.assertServes(tls.withCertificate(files.chain(), files.key()));
            server.assertRefused(tls, CloseReason.TLS, "the server asks for a certificate of this client");
        }
    }

    @Test
    void aServerThatDoesNotSpeakTlsIsNamed() throws Exception {
        try (ScriptedServer plain =
                ScriptedServer.of(peer -> peer.raw(Bytes.utf8("HTTP/1.1 400 Bad Request\r\n\r\n")))) {
            assertThatThrownBy(() -> VoltlaneClient.connect(ADDRESS + plain.port()))
                    .isInstanceOf(TlsException.class)
                    .hasMessageContaining("the server does not speak TLS there");
        }
        try (ScriptedServer silent = ScriptedServer.of(peer -> peer.stall())) {
            assertThatThrownBy(() -> VoltlaneClient.builder(ADDRESS + silent.port())
                            .handshakeTimeout(Duration.ofMillis(50))
                            .connect())
                    .isInstanceOf(HandshakeTimeoutException.class)
                    .hasMessage("the server did not open TLS in time");
        }
        try (ScriptedServer leaving = ScriptedServer.of(peer -> peer.some(1))) {
            assertThatThrownBy(() -> VoltlaneClient.connect(ADDRESS + leaving.port()))
                    .isInstanceOf(HungUpException.class)
                    .hasMessage("the server broke the link instead of opening TLS (expected: a listener with it)");
            assertThat(leaving.links())
                    .as("no version was spoken, so none is tried instead")
                    .isEqualTo(1);
        }
    }

    /** A file that can't be used is named where the program names it. */
    @Test
    void aFileThatCanNotBeUsedIsRefusedAtOnce() {
        Path none = folder.resolve("none.pem");
        TestCertificate.Pair own = Gateway.AUTHORITY.server("127.0.0.1").write(folder, "own");
        for (ThrowingCallable use : List.<ThrowingCallable>of(
                () -> ClientTls.system().withAuthorities(none),
                () -> ClientTls.system().withPinnedCertificate(none),
                () -> ClientTls.system().withCertificate(none, own.key()),
                () -> ClientTls.system().withCertificate(own.chain(), none))) {
            assertThatThrownBy(use)
                    .isInstanceOf(IOException.class)
                    .hasMessage(none + ": no such file (expected: a file in PEM)");
        }
        assertThatThrownBy(() -> ClientTls.system().withAuthorities(own.key()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(own.key() + ": no certificate in it");
        for (String pin : List.of("", "sha256/", "sha256/AAAA", "sha1/AAAA", "sha256/!!!")) {
            assertThatThrownBy(() -> ClientTls.system().withPinnedKey(pin))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("pinned key: \"" + pin + "\" (expected: sha256/ and 44 characters of Base64)");
        }
    }

    /** A session that reconnects asks a few times: nothing is disclosed, and a network's login page goes away. */
    @Test
    void aClientThatReconnectsEndsAfterAFewWrongCertificates() throws Exception {
        Recorder events = new Recorder();
        TestCertificate right = Gateway.AUTHORITY.server("127.0.0.1");
        TestCertificate wrong = Gateway.AUTHORITY.server("192.0.2.1");
        try (TlsServer server = new TlsServer(right, false);
                TlsServer impostor = new TlsServer(wrong, false);
                SwitchingRelay relay = new SwitchingRelay(server.gateway.port());
                VoltlaneClient client = VoltlaneClient.builder(ADDRESS + relay.port())
                        .tls(Gateway.trust())
                        .protocol(Protocol.V2)
                        .backoff(Duration.ofMillis(1), Duration.ofMillis(2))
                        .listener(events)
                        .connect()) {
            relay.target = impostor.gateway.port();
            int before = relay.links.get();
            client.reconnect();
            assertThatThrownBy(() -> client.receive(Duration.ofSeconds(20)))
                    .isInstanceOfSatisfying(
                            ServerCertificateException.class,
                            e -> assertThat(e.reason()).isEqualTo(CloseReason.CERTIFICATE_WRONG_NAME));
            assertThat(relay.links.get() - before).isEqualTo(RetryPolicy.MAX_REFUSALS);
        }
    }

    /** A relay whose target a test may change. */
    private static final class SwitchingRelay implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        volatile int target;
        final AtomicInteger links = new AtomicInteger();

        SwitchingRelay(int target) throws IOException {
            this.target = target;
            start(this::accept);
        }

        int port() {
            return listener.getLocalPort();
        }

        private void accept() {
            try {
                while (true) {
                    Socket in = listener.accept();
                    links.incrementAndGet();
                    Socket out = new Socket();
                    out.connect(new InetSocketAddress("127.0.0.1", target));
                    start(() -> pass(in, out));
                    start(() -> pass(out, in));
                }
            } catch (IOException e) {
                // closed
            }
        }

        private static void pass(Socket from, Socket to) {
            try (from;
                    to) {
                from.getInputStream().transferTo(to.getOutputStream());
            } catch (IOException e) {
                // one of the ends has left
            }
        }

        private static void start(Runnable body) {
            Thread thread = new Thread(body, "switching-relay");
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    /** A server that asks for new keys all the time (TLS 1.3) gets its answers, and the data goes on. */
    @Test
    void newKeysAreAnswered() throws Exception {
        assertThat(echoesWhileTheServerShakesHandsAgain("TLSv1.3", 20)).isEqualTo(20);
    }

    /** The link is lost; the session is not. */
    @Test
    void aNewHandshakeOfTls12IsRefused() throws Exception {
        assertThat(echoesWhileTheServerShakesHandsAgain("TLSv1.2", 20)).isZero();
    }

    /** Returns the number of echoes after the server has shaken hands again, each time before one. */
    private static int echoesWhileTheServerShakesHandsAgain(String version, int count) throws Exception {
        SSLContext context = Gateway.context(Gateway.AUTHORITY.server("127.0.0.1"));
        Recorder events = new Recorder();
        int echoes = 0;
        try (SSLServerSocket listener = (SSLServerSocket)
                        context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
                ScriptedServer behind = ScriptedServer.of(peer -> {
                    peer.open(7);
                    while (true) {
                        peer.data(peer.receive());
                    }
                })) {
            listener.setEnabledProtocols(new String[] {version});
            Thread server = new Thread(() -> shakeHandsAgain(listener, behind.port()), "new-handshakes");
            server.setDaemon(true);
            server.start();
            try (VoltlaneClient client = VoltlaneClient.builder(ADDRESS + listener.getLocalPort())
                    .tls(Gateway.trust())
                    .protocol(Protocol.V2)
                    .listener(events)
                    .connect()) {
                for (int i = 0; i < count; i++) {
                    client.send(Bytes.numbered(i, 40));
                    byte[] echo = client.receive(version.equals("TLSv1.3") ? Duration.ofSeconds(10) : Duration.ZERO);
                    if (echo != null) {
                        assertThat(echo).isEqualTo(Bytes.numbered(echoes, 40));
                        echoes++;
                    } else {
                        events.until("suspended");
                        return echoes;
                    }
                }
            }
        }
        return echoes;
    }

    private static void shakeHandsAgain(SSLServerSocket listener, int port) {
        try (SSLSocket client = (SSLSocket) listener.accept();
                Socket behind = new Socket("127.0.0.1", port)) {
            Thread down = new Thread(() -> {
                try {
                    byte[] bytes = new byte[1_000];
                    int count = behind.getInputStream().read(bytes);
                    while (count >= 0) {
                        if (count == 44) {
                            client.startHandshake();
                        }
                        client.getOutputStream().write(bytes, 0, count);
                        count = behind.getInputStream().read(bytes);
                    }
                } catch (IOException e) {
                    // one of the ends has left
                }
            });
            down.setDaemon(true);
            down.start();
            client.getInputStream().transferTo(behind.getOutputStream());
        } catch (IOException e) {
            // one of the ends has left
        }
    }
}
