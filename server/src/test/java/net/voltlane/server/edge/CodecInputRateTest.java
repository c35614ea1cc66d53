package net.voltlane.server.edge;

import static net.voltlane.testkit.websocket.ClientFrames.BINARY;
import static net.voltlane.testkit.websocket.ClientFrames.CONTINUATION;
import static net.voltlane.testkit.websocket.ClientFrames.FIN;
import static net.voltlane.testkit.websocket.ClientFrames.PING;
import static net.voltlane.testkit.websocket.ClientFrames.frame;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import net.voltlane.server.edge.Listening.Kind;
import net.voltlane.server.guard.GuardLimits;
import net.voltlane.server.guard.RateLimits;
import net.voltlane.server.guard.RatePolicy;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The limit on a client's bytes, where a codec above another has bytes of its own: each byte counts once. */
@ParameterizedClass
@EnumSource(
        value = Kind.class,
        names = {"WSS_BORINGSSL", "WSS_JDK"})
@ExtendWith(LeakCheck.class)
final class CodecInputRateTest {
    @TempDir
    static Path folder;

    @Parameter
    Kind kind;

    private EdgeHarness harness;
    private Listening listening;
    private EdgeClient client;

    private void open(long bytesPerSec) {
        harness = new EdgeHarness(GuardLimits.OFF.withRates(new RateLimits(0, bytesPerSec, RatePolicy.PAUSE, 0)));
        listening = Listening.on(kind, folder, harness);
        client = harness.open();
    }

    @AfterEach
    void close() {
        harness.close();
        listening.close();
    }

    private byte[] record(byte[]... webSocketFrames) {
        SecureWebSocketClient both = (SecureWebSocketClient) Objects.requireNonNull(client.records);
        return both.tls.seals(Bytes.concat(webSocketFrames));
    }

    private void send(byte[] wire) {
        client.channel.receives(wire);
        harness.run();
    }

    /** Sends 408 bytes, then 18 that make a frame of 414 of them, then 500 of a record. */
    private void sendFragmentsAndAPartOfARecord() {
        send(record(frame(BINARY, new byte[400])));
        send(record(frame(FIN | CONTINUATION, new byte[10])));
        send(Arrays.copyOf(record(frame(FIN | BINARY, new byte[600])), 500));
    }

    @Test
    void fragmentsThatWereCountedTakeNothingOffTheNextRecord() {
        open(850);
        sendFragmentsAndAPartOfARecord();
        assertThat(harness.count(Metric.LINKS_PAUSED)).isOne();
    }

    @Test
    void fragmentsCountOnce() {
        open(1_000);
        sendFragmentsAndAPartOfARecord();
        assertThat(harness.count(Metric.LINKS_PAUSED)).isZero();
    }

    /** Sends a record with a frame of 404 bytes and a Ping of 106, in two parts, of which 300 bytes count at once. */
    private void sendARecordInTwoParts() {
        byte[] record = record(frame(FIN | BINARY, new byte[400]), frame(FIN | PING, new byte[100]));
        send(Arrays.copyOf(record, 300));
        send(Arrays.copyOfRange(record, 300, record.length));
    }

    @Test
    void aRecordThatCameInPartsIsTakenOffItsFramesOnce() {
        open(480);
        sendARecordInTwoParts();
        assertThat(harness.count(Metric.LINKS_PAUSED)).isOne();
    }

    @Test
    void aRecordThatCameInPartsCountsOnce() {
        open(560);
        sendARecordInTwoParts();
        assertThat(harness.count(Metric.LINKS_PAUSED)).isZero();
    }
}
