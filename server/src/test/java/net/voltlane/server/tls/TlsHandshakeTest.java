package net.voltlane.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.cert.CertificateParsingException;
import java.time.Duration;
import java.util.Arrays;
import javax.net.ssl.SSLException;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.certificates.TestAuthority;
import net.voltlane.testkit.certificates.TestCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** The handshakes of each engine with the clients of each, in each version. */
@ParameterizedClass
@CsvSource({
    "true, true, TLSv1.3", "true, false, TLSv1.3", "false, true, TLSv1.3", "false, false, TLSv1.3",
    "true, true, TLSv1.2", "true, false, TLSv1.2", "false, true, TLSv1.2", "false, false, TLSv1.2"
})
@ExtendWith(LeakCheck.class)
final class TlsHandshakeTest {
    private static final String HOME = "a.example";
    private static final TestAuthority AUTHORITY = TestAuthority.create("servers");
    private static final TestCertificate SERVER = AUTHORITY.server(HOME, "aa.example");
    private static final TestCertificate WILD = AUTHORITY.server("*.b.example");
    private static final TestCertificate RSA =
            AUTHORITY.issue("CN=c", "RSA", TestAuthority.hours(-1), TestAuthority.hours(24), "DNS:c.example");
    private static final TestAuthority CLIENTS = TestAuthority.create("clients");
    private static final TestCertificate DEVICE =
            CLIENTS.issue("CN=device", "EC", TestAuthority.hours(-1), TestAuthority.hours(24), "DNS:d.example");

    @TempDir
    static Path folder;

    @Parameter(0)
    boolean isNative;

    @Parameter(1)
    boolean isClientNative;

    @Parameter(2)
    String version;

    private TlsStage stage;

    @AfterEach
    void close() {
        stage.close();
    }

    private void start(TlsFiles files) {
        stage = new TlsStage(files, isNative);
    }

    private void startWithOneCertificate() {
        start(TlsStage.files(SERVER.write(folder, "server")));
    }

    private void startWithClientCertificates() {
        start(TlsStage.files(CLIENTS.write(folder, "clients"), SERVER.write(folder, "server")));
    }

    private TlsClients program(String... protocols) {
        return new TlsClients(isClientNative, AUTHORITY, null, version, protocols);
    }

    private TlsClients programWith(TestCertificate own) {
        return new TlsClients(isClientNative, AUTHORITY, own, version);
    }

    private TlsClients.Connection connect(TlsClients program, String server) {
        TlsClients.Connection connection = program.to(server);
        stage.connect(connection.peer);
        assertThat(connection.engine.getSession().getProtocol()).isEqualTo(version);
        return connection;
    }

    // ---- certificates

    @Test
    void theNameChoosesAmongTheCertificates() throws CertificateParsingException {
        start(TlsStage.files(SERVER.write(folder, "server"), WILD.write(folder, "wild"), RSA.write(folder, "rsa")));
        expect(HOME, HOME);
        expect("aa.example", HOME);
        expect("x.b.example", "*.b.example");
        expect("X.b.EXAMPLE", "*.b.example");
        expect("c.example", "c.example");
        expect("b.example", HOME); // an asterisk is one label
        expect("x.y.b.example", HOME);
        expect("unknown.example", HOME);
    }

    private void expect(String named, String expected) throws CertificateParsingException {
        assertThat(connect(program(), named).serverCertificate().getSubjectAlternativeNames())
                .as(named)
                .anyMatch(name -> name.get(1).equals(expected));
    }

    // ---- versions, protocols

    @Test
    void aClientOfAnOlderVersionIsToldSo() {
        start(TlsStage.files("", true, SERVER.write(folder, "server")));
        if (version.equals("TLSv1.3")) {
            connect(program(), HOME);
            return;
        }
        byte[] answer = stage.refused(program().to(HOME).peer);
        assertThat(answer).hasSize(7);
        assertThat(answer[0]).as("an alert").isEqualTo((byte) 21);
        assertThat(Arrays.copyOfRange(answer, 5, 7))
                .as("fatal, protocol_version")
                .containsExactly(2, 70);
        assertThat(stage.faults).containsExactly(Metric.REJECTED_TLS);
    }

    @Test
    void aClientThatOffersTheProtocolAmongOthersGetsIt() {
        startWithOneCertificate();
        assertThat(connect(program("h2", "voltlane"), HOME).engine.getApplicationProtocol())
                .isEqualTo("voltlane");
        TlsClients.Connection browser = program("h2", "http/1.1").to(HOME);
        FakeChannel channel = stage.socket(TlsProtocol.HTTP);
        browser.peer.handshake(channel, stage.loop::run, Integer.MAX_VALUE / 2);
        assertThat(browser.engine.getApplicationProtocol()).isEqualTo("http/1.1");
    }

    /** ALPN is of no use where a port has one protocol, so a client need not know it. */
    @Test
    void aClientOfOtherProtocolsIsServedWithoutOne() {
        startWithOneCertificate();
        String chosen = connect(program("h2"), HOME).engine.getApplicationProtocol();
        assertThat(chosen == null ? "" : chosen).isEmpty();
    }

    // ---- tickets

    @Test
    void aTicketSavesAFullHandshake() {
        startWithOneCertificate();
        TlsClients program = program();
        TlsClients.Connection first = connect(program, HOME);
        TlsClients.Connection second = connect(program, HOME);
        assertThat(second.isResumedAfter(first)).isTrue();
        assertThat(stage.count(Metric.TLS_HANDSHAKES_RESUMED)).isEqualTo(isNative ? 1 : 0); // the JDK does not tell
        assertThat(stage.count(Metric.TLS_HANDSHAKES_FULL)).isEqualTo(isNative ? 1 : 2);
    }

    /** The keys of the JDK's tickets are the JDK's own. */
    @Test
    void ticketsOpenUntilTheirKeyIsDropped() {
        startWithOneCertificate();
        if (!isNative) {
            return;
        }
        TlsClients early = program();
        TlsClients late = program();
        TlsClients.Connection first = connect(early, HOME);
        connect(late, HOME);
        hoursPass(4);
        hoursPass(4);
        assertThat(connect(early, HOME).isResumedAfter(first)).isTrue();
        hoursPass(4);
        connect(late, HOME);
        assertThat(stage.count(Metric.TLS_HANDSHAKES_RESUMED)).isEqualTo(1);
        assertThat(stage.count(Metric.TLS_HANDSHAKES_FULL)).isEqualTo(3);
    }

    private void hoursPass(int hours) {
        stage.clock.advance(Duration.ofHours(hours));
        stage.tls.rotateTickets();
    }

    @Test
    void otherAuthoritiesOfClientsEndAllTickets() throws TlsException {
        startWithClientCertificates();
        if (!isNative) {
            return; // each generation of the JDK's has keys of its own
        }
        TlsClients program = programWith(DEVICE);
        connect(program, HOME);
        TestCertificate.Pair server = SERVER.write(folder, "server");
        stage.tls.replace(TlsStage.files(CLIENTS.write(folder, "clients"), server));
        connect(program, HOME);
        assertThat(stage.count(Metric.TLS_HANDSHAKES_RESUMED))
                .as("the same authority")
                .isOne();
        Path both = TestAuthority.create("others").write(folder, "others");
        stage.tls.replace(TlsStage.files(both, server));
        stage.refused(program.to(HOME).peer);
        assertThat(stage.faults).containsExactly(Metric.REJECTED_TLS_CERTIFICATE);
        assertThat(stage.got()).isEmpty();
    }

    // ---- certificates of clients

    @Test
    void aCertificateThatHasExpiredDoesNotResume() {
        startWithClientCertificates();
        TlsClients program = programWith(DEVICE);
        TlsClients.Connection first = connect(program, HOME);
        stage.ahead = Duration.ofHours(23);
        assertThat(connect(program, HOME).isResumedAfter(first)).isTrue();
        stage.ahead = Duration.ofHours(25);
        stage.refused(program.to(HOME).peer);
        assertThat(stage.faults).containsExactly(Metric.REJECTED_TLS_CERTIFICATE);
        assertThat(stage.got()).as("of a client that is not let in").isEmpty();
        assertThat(stage.count(Metric.TLS_HANDSHAKES_RESUMED)).isEqualTo(isNative ? 1 : 0);
    }

    @Test
    void aCertificateThatIsNotValidYetIsRefused() {
        startWithClientCertificates();
        stage.ahead = Duration.ofHours(-2);
        stage.refused(programWith(DEVICE).to(HOME).peer);
        assertThat(stage.faults).containsExactly(Metric.REJECTED_TLS_CERTIFICATE);
    }

    @Test
    void aSubjectThatIsTooLongIsRefused() {
        startWithClientCertificates();
        TestCertificate wordy = CLIENTS.issue(
                "CN=" + "x".repeat(1_030), "EC", TestAuthority.hours(-1), TestAuthority.hours(24), "DNS:d.example");
        stage.refused(programWith(wordy).to(HOME).peer);
        assertThat(stage.faults).containsExactly(Metric.REJECTED_TLS_CERTIFICATE);
        assertThat(stage.got()).isEmpty();
    }

    /** A server's own refusal reaches the client as an alert. */
    @Test
    void aClientWithoutACertificateIsTold() {
        startWithClientCertificates();
        TlsPeer peer = program().to(HOME).peer;
        byte[] came = stage.refused(peer);
        assertThat(stage.faults).containsExactly(Metric.REJECTED_TLS_CERTIFICATE);
        assertThatThrownBy(() -> peer.opens(came))
                .as("an alert")
                .isInstanceOf(AssertionError.class)
                .hasCauseInstanceOf(SSLException.class);
    }

    /** The client learns that its own certificate is at fault, so that nobody looks for the fault at the server. */
    @Test
    void aCertificateOfAForeignAuthorityIsToldSo() {
        startWithClientCertificates();
        // Of the same name, as the JDK's client shows no certificate of an authority that the server does not name.
        TestCertificate foreign = TestAuthority.create("clients")
                .issue("CN=device", "EC", TestAuthority.hours(-1), TestAuthority.hours(24), "DNS:d.example");
        TlsPeer peer = programWith(foreign).to(HOME).peer;
        byte[] came = stage.refused(peer);
        assertThat(stage.faults).containsExactly(Metric.REJECTED_TLS_CERTIFICATE);
        assertThatThrownBy(() -> peer.opens(came))
                .as("an alert")
                .isInstanceOf(AssertionError.class)
                .cause()
                .hasMessageMatching("(?is).*" + (isNative ? "unknown_ca" : "certificate_unknown") + ".*");
    }
}
