package net.voltlane.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.voltlane.server.link.Logged;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.certificates.TestAuthority;
import net.voltlane.testkit.certificates.TestCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A watch whose looks, and whose time, are the test's. */
@ExtendWith(LeakCheck.class)
final class CertificateWatchTest {
    private static final TestAuthority AUTHORITY = TestAuthority.create("watch");
    private static final Instant END = TestAuthority.hours(24 * 60);

    @TempDir
    Path folder;

    private final Logged log = new Logged(CertificateWatch.class, Level.INFO);
    private TlsFiles files;
    private TlsStage stage;
    private CertificateWatch watch;

    @BeforeEach
    void watchFiles() {
        write("a.example", END);
        files = TlsStage.files(new TestCertificate.Pair(folder.resolve("server.pem"), folder.resolve("server.key")));
        stage = new TlsStage(files, true);
        watch = new CertificateWatch(stage.tls, files, stage::wallMillis, stage.metrics.newCounters());
    }

    @AfterEach
    void close() {
        watch.close();
        stage.close();
        log.close();
    }

    /** Writes a certificate without its authority's, which ends sooner. */
    private void write(String name, Instant until) {
        TestCertificate made = AUTHORITY.issue("CN=" + name, "EC", TestAuthority.hours(-1), until, "DNS:" + name);
        new TestCertificate(made.key(), made.chain().subList(0, 1)).write(folder, "server");
    }

    private void writeAnotherKey() throws Exception {
        AUTHORITY.server("other.example").write(folder, "other");
        Files.copy(folder.resolve("other.key"), folder.resolve("server.key"), StandardCopyOption.REPLACE_EXISTING);
    }

    private List<String> names() {
        return stage.tls.current().identities().get(0).names();
    }

    private List<String> lines(Level level) {
        return log.lines().stream().filter(line -> line.startsWith(level + " ")).toList();
    }

    // ---- files

    @Test
    void aLookTakesChangedFilesAndTellsOfThemOnce() {
        watch.look();
        assertThat(log.lines()).isEmpty();
        write("b.example", END);
        watch.look();
        assertThat(names()).containsExactly("b.example");
        watch.look();
        assertThat(log.lines())
                .singleElement()
                .asString()
                .startsWith("INFO New certificates are in use: b.example until ");
        assertThat(stage.count(Metric.TLS_RELOADS_FAILED)).isZero();
    }

    /** Between the reading of files and the first look, files may be replaced. */
    @Test
    void aChangeBeforeTheFirstLookIsSeen() {
        write("b.example", END);
        CertificateWatch late = new CertificateWatch(stage.tls, files, stage::wallMillis, stage.metrics.newCounters());
        late.look();
        late.close();
        assertThat(names()).containsExactly("b.example");
    }

    /** Programs write certificate and key one after the other. */
    @Test
    void aPairThatDoesNotFitIsTriedAgainBeforeItIsToldOf() throws Exception {
        writeAnotherKey();
        watch.look();
        assertThat(log.lines()).as("the other file may be about to come").isEmpty();
        watch.look();
        assertThat(lines(Level.WARN))
                .singleElement()
                .asString()
                .startsWith("WARN tls.key: ")
                .endsWith("; the certificates in use before stay");
        watch.look();
        watch.look();
        assertThat(stage.count(Metric.TLS_RELOADS_FAILED))
                .as("once for these contents")
                .isOne();
        assertThat(names()).containsExactly("a.example");
        write("b.example", END);
        watch.look();
        assertThat(names()).containsExactly("b.example");
    }

    @Test
    void aCertificateThatHasExpiredDoesNotReplaceAValidOne() {
        write("old.example", Instant.now().minusSeconds(60));
        watch.look();
        watch.look();
        assertThat(names()).containsExactly("a.example");
        assertThat(lines(Level.WARN))
                .singleElement()
                .asString()
                .startsWith("WARN tls.certificate: the certificate for old.example expired on ")
                .contains(" (expected: one that is valid now); ");
        assertThat(stage.count(Metric.TLS_RELOADS_FAILED)).isOne();
    }

    @Test
    void norDoesOneThatIsNotValidYet() {
        TestCertificate early = AUTHORITY.issue("CN=b", "EC", TestAuthority.hours(1), END, "DNS:b.example");
        new TestCertificate(early.key(), early.chain().subList(0, 1)).write(folder, "server");
        watch.look();
        watch.look();
        assertThat(names()).containsExactly("a.example");
        assertThat(lines(Level.WARN)).singleElement().asString().contains(" for b.example is not valid before ");
        stage.ahead = Duration.ofHours(2);
        watch.look();
        assertThat(names()).as("with time").containsExactly("b.example");
    }

    /** Neither is of use then, and the operator's newest wish counts. */
    @Test
    void anExpiredCertificateMayReplaceAnother() {
        stage.ahead = Duration.ofDays(61);
        write("b.example", END.plusSeconds(60));
        watch.look();
        assertThat(names()).containsExactly("b.example");
    }

    @Test
    void filesThatComeBackAreNoNews() throws Exception {
        byte[] key = Files.readAllBytes(folder.resolve("server.key"));
        writeAnotherKey();
        watch.look();
        Files.write(folder.resolve("server.key"), key);
        watch.look();
        watch.look();
        assertThat(log.lines()).isEmpty();
        writeAnotherKey();
        watch.look();
        assertThat(log.lines()).as("tried again, as at the first time").isEmpty();
    }

    @Test
    void askedForItTellsAtOnce() throws Exception {
        writeAnotherKey();
        watch.files(files).toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertThat(stage.count(Metric.TLS_RELOADS_FAILED)).isOne();
        write("c.example", END);
        watch.files(files).toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertThat(names()).containsExactly("c.example");
    }

    /** An operator who asks again must not be told that all is well. */
    @Test
    void askedForAgainItTellsAgain() throws Exception {
        assertThat(asked()).isEqualTo(CertificateWatch.Outcome.NONE);
        writeAnotherKey();
        for (int times = 1; times <= 3; times++) {
            assertThat(asked().kept()).singleElement().asString().startsWith("tls.key: ");
            assertThat(lines(Level.WARN)).hasSize(times);
            watch.look();
            assertThat(lines(Level.WARN)).as("a look of its own is no news").hasSize(times);
        }
        write("c.example", END);
        CertificateWatch.Outcome taken = asked();
        assertThat(taken.taken()).singleElement().asString().startsWith("c.example until ");
        assertThat(taken.kept()).isEmpty();
        assertThat(asked()).isEqualTo(CertificateWatch.Outcome.NONE);
    }

    private CertificateWatch.Outcome asked() throws Exception {
        return watch.files(files).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void oneThatIsClosedTakesNothingAndDoesNotWait() {
        watch.close();
        CompletableFuture<CertificateWatch.Outcome> done = watch.files(files).toCompletableFuture();
        assertThat(done).isDone();
    }

    // ---- keys of tickets

    @Test
    void aLookRenewsTheKeysOfTicketsThatAreDue() {
        TlsClients program = new TlsClients(true, AUTHORITY, null, "TLSv1.3");
        stage.connect(program.to("a.example").peer);
        for (int i = 0; i < 3; i++) {
            stage.clock.advance(Duration.ofHours(4));
            watch.look();
        }
        stage.connect(program.to("a.example").peer);
        assertThat(stage.count(Metric.TLS_HANDSHAKES_FULL)).isEqualTo(2);
        // A ticket of the first connection, which gave two, may be left, and tickets are tried in any order.
        stage.connect(program.to("a.example").peer);
        stage.connect(program.to("a.example").peer);
        assertThat(stage.count(Metric.TLS_HANDSHAKES_RESUMED)).isBetween(1L, 2L);
    }

    // ---- the end of certificates

    /** Lets the wall clock show so much before the certificate's end, and looks. */
    private void lookWithLeft(Duration left) {
        stage.ahead = Duration.between(Instant.now(), END).minus(left);
        watch.look();
    }

    @Test
    void fromTwoWeeksBeforeItsEndACertificateIsWarnedOfOnceADay() {
        lookWithLeft(Duration.ofDays(14).plusMinutes(1));
        assertThat(log.lines()).isEmpty();
        lookWithLeft(Duration.ofDays(14).minusMinutes(1));
        assertThat(log.lines())
                .singleElement()
                .asString()
                .startsWith("WARN The certificate for a.example expires in 13 days, on ");
        lookWithLeft(Duration.ofDays(13).minusMinutes(1).plusSeconds(5));
        assertThat(log.lines()).as("within a day").hasSize(1);
        lookWithLeft(Duration.ofDays(13).minusMinutes(2));
        assertThat(log.lines()).hasSize(2);
        lookWithLeft(Duration.ofHours(25));
        assertThat(log.lines().get(2)).contains(" expires in 1 day, on ");
        lookWithLeft(Duration.ofMinutes(30));
        assertThat(log.lines().get(3)).contains(" expires in less than a day, on ");
        lookWithLeft(Duration.ofDays(-2));
        assertThat(log.lines().get(4)).contains(" expired on ").endsWith(": clients refuse it");
        assertThat(watch.expiryNanos())
                .isBetween(
                        Duration.ofDays(-2).minusMinutes(1).toNanos(),
                        Duration.ofDays(-2).toNanos());
    }

    @Test
    void aNewCertificateThatEndsSoonIsWarnedOfAtOnce() {
        lookWithLeft(Duration.ofDays(3));
        write("b.example", END.plus(Duration.ofHours(25)));
        watch.look();
        assertThat(lines(Level.WARN)).hasSize(2);
        assertThat(lines(Level.WARN).get(1)).contains("The certificate for b.example expires in 4 days, on ");
        write("c.example", END.plus(Duration.ofDays(90)));
        watch.look();
        assertThat(lines(Level.WARN)).as("renewed").hasSize(2);
    }
}
