package net.voltlane.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
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

/**
 * The bound of the bytes that come before a handshake's end: 16 KiB, or 64 KiB where clients show certificates. The hellos
 * here are well-formed, and the engine takes them, so that nothing but the bound refuses the longer ones. In records of
 * one byte each, they are six times as long.
 */
@ParameterizedClass
@CsvSource({"true, TLSv1.3", "true, TLSv1.2", "false, TLSv1.3", "false, TLSv1.2"})
@ExtendWith(LeakCheck.class)
final class HandshakeBoundTest {
    private static final TestAuthority AUTHORITY = TestAuthority.create("bounds");
    private static final int RECORD_BYTES = Records.HEADER_BYTES + 1;
    private static final int HANDSHAKE = 22;

    @TempDir
    static Path folder;

    @Parameter(0)
    boolean isNative;

    @Parameter(1)
    String version;

    private TlsStage stage;

    private void start(boolean withClientCa) {
        TestCertificate.Pair own = AUTHORITY.server("localhost").write(folder, "server");
        Path ca = AUTHORITY.write(folder, "ca");
        stage = new TlsStage(withClientCa ? TlsStage.files(ca, own) : TlsStage.files(own), isNative);
    }

    @AfterEach
    void close() {
        stage.close();
    }

    private byte[] hello(int bytes) {
        return LongHello.message(new TlsPeer(AUTHORITY, version).says(), bytes);
    }

    private void expectAnswered(byte[] records) {
        FakeChannel channel = stage.socket();
        stage.receives(channel, records);
        assertThat(stage.faults).isEmpty();
        assertThat(channel.taken()).startsWith(HANDSHAKE);
        channel.close();
        stage.loop.run();
    }

    /** Sends records of one byte, and expects the fault at the one that goes over the bound, and no memory after it. */
    private void expectRefusedBehind(int maxBytes, byte[] message) {
        byte[] records = LongHello.records(message, 1);
        int last = maxBytes / RECORD_BYTES * RECORD_BYTES;
        assertThat(records.length).isGreaterThan(last);
        FakeChannel channel = stage.socket();
        stage.receives(channel, Arrays.copyOf(records, last));
        assertThat(stage.faults).as("at the bound").isEmpty();
        assertThat(stage.budget.heldBytes()).isEqualTo(last);
        stage.receives(channel, Arrays.copyOfRange(records, last, last + RECORD_BYTES));
        assertThat(stage.faults).as("over the bound").containsExactly(Metric.REJECTED_TLS);
        assertThat(stage.budget.heldBytes()).isZero();
        stage.receives(channel, Arrays.copyOfRange(records, last + RECORD_BYTES, records.length));
        assertThat(stage.got()).isEmpty();
        assertThat(stage.budget.heldBytes()).isZero();
    }

    @Test
    void aHelloMayHave16KiB() {
        start(false);
        expectAnswered(LongHello.records(hello(15_000), 15_000));
        expectAnswered(LongHello.records(hello(2_700), 1));
        expectRefusedBehind(TlsCodec.MAX_HANDSHAKE_BYTES, hello(2_800));
    }

    @Test
    void whereClientsShowCertificatesAHandshakeMayHave64KiB() {
        start(true);
        expectAnswered(LongHello.records(hello(10_900), 1));
        expectRefusedBehind(TlsCodec.MAX_HANDSHAKE_BYTES_WITH_CERTIFICATE, hello(11_000));
    }
}
