package net.voltlane.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;

/** An engine that encrypts nothing: the payload of a record is its plaintext. It takes whole records only, one by one. */
final class PlainEngine extends StubEngine {
    final List<byte[]> records = new ArrayList<>();

    @Override
    public SSLEngineResult unwrap(ByteBuffer src, ByteBuffer[] dsts, int offset, int length) {
        byte[] record = new byte[src.remaining()];
        src.get(record);
        assertThat(record.length - Records.HEADER_BYTES)
                .as("one record, and all of it")
                .isEqualTo(RecordsOracle.u16(record, 3));
        records.add(record);
        int plain = record.length - Records.HEADER_BYTES;
        dsts[offset].put(record, Records.HEADER_BYTES, plain);
        return new SSLEngineResult(Status.OK, getHandshakeStatus(), record.length, plain);
    }

    @Override
    public SSLEngineResult wrap(ByteBuffer[] srcs, int offset, int length, ByteBuffer dst) {
        return new SSLEngineResult(Status.OK, getHandshakeStatus(), 0, 0);
    }

    @Override
    public HandshakeStatus getHandshakeStatus() {
        return HandshakeStatus.NOT_HANDSHAKING;
    }
}
