package net.voltlane.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import net.voltlane.server.link.Bufs;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.certificates.TestAuthority;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that use TLS against the server. */
@ParameterizedClass
@CsvSource({"true, TLSv1.3", "true, TLSv1.2", "false, TLSv1.3", "false, TLSv1.2"})
@ExtendWith(LeakCheck.class)
final class HostileTlsTest {
    private static final TestAuthority AUTHORITY = TestAuthority.create("hostile");

    @TempDir
    static Path folder;

    @Parameter(0)
    boolean isNative;

    @Parameter(1)
    String version;

    private TlsStage stage;

    @BeforeEach
    void start() {
        stage = new TlsStage(TlsStage.files(AUTHORITY.server("localhost").write(folder, "server")), isNative);
    }

    @AfterEach
    void close() {
        stage.close();
    }

    private static void send(FakeChannel channel, byte[] bytes) {
        channel.writeAndFlush(Bufs.buf(bytes));
    }

    private static long waitingBytes(FakeChannel channel) {
        return channel.unsafe().outboundBuffer() == null
                ? 0
                : channel.unsafe().outboundBuffer().totalPendingWriteBytes();
    }

    /** Each request for new keys wants an answer, and 26 bytes buy one. */
    @Test
    void aFloodOfKeyUpdatesWaitsBounded() {
        if (version.equals("TLSv1.2")) {
            return; // knows none
        }
        TlsPeer peer = new TlsPeer(AUTHORITY, version);
        FakeChannel channel = stage.connect(peer);
        channel.takes(0);
        send(channel, new byte[100]);
        stage.loop.run();
        long before = waitingBytes(channel);
        for (int i = 0; i < 3_000 && stage.faults.isEmpty(); i++) {
            stage.receives(channel, peer.renegotiates());
        }
        assertThat(waitingBytes(channel)).isBetween(before, before + 1_000);
        assertThat(stage.budget.heldBytes()).isLessThan(1_000);
        assertThat(stage.faults).containsOnly(Metric.REJECTED_TLS);
    }

    /** A client that reads gets new keys as often as it asks. */
    @Test
    void aClientThatReadsMayAskForNewKeys() {
        if (version.equals("TLSv1.2")) {
            return;
        }
        TlsPeer peer = new TlsPeer(AUTHORITY, version);
        FakeChannel channel = stage.connect(peer);
        for (int i = 0; i < 50; i++) {
            stage.receives(channel, peer.renegotiates());
            stage.receives(channel, peer.seals(Bufs.frame(i, 10)));
            assertThat(stage.got()).isEqualTo(Bufs.frame(i, 10));
            send(channel, Bufs.frame(i, 20));
            stage.loop.run();
            assertThat(peer.opens(channel.taken())).isEqualTo(Bufs.frame(i, 20));
        }
        assertThat(stage.faults).isEmpty();
    }

    /**
     * A client that asks for short records could use the first part of a write without the rest, and get that part again
     * after a resume. BoringSSL does not grant the wish.
     */
    @Test
    void noWriteBecomesShortRecords() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, AUTHORITY.trustManagers(), null);
        SSLEngine engine = context.createSSLEngine("localhost", 1);
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(new String[] {version});
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setMaximumPacketSize(1_000);
        engine.setSSLParameters(parameters);
        FakeChannel channel = stage.socket();
        new TlsPeer(engine).handshake(channel, stage.loop::run, Integer.MAX_VALUE / 2);
        channel.taken();
        send(channel, new byte[10_000]);
        stage.loop.run();
        byte[] came = channel.taken();
        if (isNative) {
            assertThat(stage.faults).isEmpty();
            assertThat(lastRecord(came)).isGreaterThan(10_000);
        } else {
            assertThat(came).isEmpty();
            assertThat(stage.faults).as("needs jsse.enableMFLNExtension").containsExactly(Metric.REJECTED_TLS);
        }
    }

    @Test
    void aLongWriteBecomesFullRecords() {
        TlsPeer peer = new TlsPeer(AUTHORITY, version);
        FakeChannel channel = stage.connect(peer);
        for (int length : new int[] {1, 16_384, 16_385, 40_000, 100_000}) {
            send(channel, new byte[length]);
            stage.loop.run();
            assertThat(stage.faults).as("%d bytes", length).isEmpty();
            assertThat(peer.opens(channel.taken())).hasSize(length);
        }
    }

    /** A run of frames is given to the engine in one write, and a client must not be able to use a part of it. */
    @Test
    void theLongestRunIsOneRecord() throws SSLException {
        TlsPeer peer = new TlsPeer(AUTHORITY, version);
        FakeChannel channel = stage.connect(peer);
        int longest = new TlsTransport(stage.tls, TlsProtocol.VOLTLANE).maxRecordBytes();
        send(channel, new byte[longest]);
        stage.loop.run();
        byte[] came = channel.taken();
        assertThat(lastRecord(came)).isEqualTo(came.length).isGreaterThan(longest);
    }

    private static int lastRecord(byte[] came) throws SSLException {
        ByteBuf records = Bufs.buf(came);
        int last = 0;
        while (records.isReadable()) {
            last = Records.length(records, records.readerIndex());
            records.skipBytes(last);
        }
        records.release();
        return last;
    }

    /** The engine wants to answer the client's farewell, and can't. */
    @Test
    void aFarewellWhileOutputWaitsIsACleanEnd() {
        TlsPeer peer = new TlsPeer(AUTHORITY, version);
        FakeChannel channel = stage.connect(peer);
        channel.takes(0);
        for (int i = 0; i < 5; i++) {
            send(channel, Bufs.frame(i, 300));
        }
        stage.loop.run();
        stage.receives(channel, Bytes.concat(peer.seals(Bufs.frame(1, 9)), peer.closes()));
        assertThat(stage.got()).isEqualTo(Bufs.frame(1, 9));
        assertThat(channel.isOpen()).isFalse();
        assertThat(stage.faults).isEmpty();
    }

    /** The engine keeps the pieces of a hello in memory of its own. */
    @Test
    void aHelloInWholeRecordsIsChargedUntilItIsDone() {
        byte[] hello = new TlsPeer(AUTHORITY, version).says();
        byte[] half = Arrays.copyOfRange(hello, Records.HEADER_BYTES, hello.length - 10);
        ByteBuffer record = ByteBuffer.allocate(Records.HEADER_BYTES + half.length)
                .put(hello, 0, 3)
                .putShort((short) half.length)
                .put(half);
        FakeChannel channel = stage.socket();
        stage.receives(channel, record.array());
        assertThat(stage.budget.heldBytes()).isEqualTo(record.capacity());
        assertThat(new TlsTransport(stage.tls, TlsProtocol.VOLTLANE)
                        .layer(channel)
                        .heldBytes())
                .isEqualTo(record.capacity());
        channel.close();
        stage.loop.run();
        assertThat(stage.budget.heldBytes()).isZero();
        stage.connect(new TlsPeer(AUTHORITY, version));
        assertThat(stage.budget.heldBytes()).as("once it is done").isZero();
    }

    /** An alert in the middle of a handshake, as from a client that does not trust the certificate. */
    @Test
    void aClientThatTurnsAwayIsCountedAsSuch() {
        if (version.equals("TLSv1.3")) {
            return; // it would have to be encrypted
        }
        FakeChannel channel = stage.socket();
        stage.receives(channel, new TlsPeer(AUTHORITY, version).says());
        stage.receives(channel, new byte[] {21, 3, 3, 0, 2, 2, 48}); // fatal, unknown_ca
        assertThat(stage.faults).containsExactly(Metric.REJECTED_TLS_ALERT);
    }
}
