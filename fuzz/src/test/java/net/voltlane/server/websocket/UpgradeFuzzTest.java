package net.voltlane.server.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import net.voltlane.fuzz.Script;
import net.voltlane.server.link.Bufs;
import net.voltlane.server.link.Layer;
import net.voltlane.server.websocket.HeadReader.Verdict;
import net.voltlane.testkit.Bytes;

/**
 * Any HTTP request gets the same short answer wherever it is cut, in bounded memory, and what stands behind it is left
 * alone. A client that a proxy names is never one of the proxies' own choosing by accident: it is an address.
 *
 * <p>An input: how it is cut (see {@link Script#pieces}), and what comes.
 */
final class UpgradeFuzzTest {
    private static final WebSocketSettings SETTINGS =
            new WebSocketSettings("/", Set.of("https://example.com"), List.of("voltlane.2", "voltlane.3"));

    /** @param bytes how many the head took */
    private record Read(Verdict verdict, String text, int bytes) {}

    @FuzzTest
    void anyRequest(byte[] input) {
        List<byte[]> pieces = new Script(input).pieces();
        byte[] all = Bytes.concat(pieces.toArray(byte[][]::new));
        Read atOnce = read(List.of(all));
        assertThat(read(pieces)).isEqualTo(atOnce);
        if (atOnce.verdict() != Verdict.COMPLETE) {
            assertThat(atOnce.bytes()).isLessThanOrEqualTo(HeadReader.MAX_BYTES);
            return;
        }
        assertThat(new String(all, 0, atOnce.bytes(), StandardCharsets.ISO_8859_1))
                .isEqualTo(atOnce.text() + "\r\n\r\n");
        Upgrade verdict = Upgrade.of(atOnce.text(), SETTINGS, new AnyProxy());
        String answer = new String(verdict.answer(), StandardCharsets.US_ASCII);
        assertThat(answer).matches("(?s)HTTP/1\\.1 [1-5][0-9]{2} .*\r\n\r\n.*").hasSizeLessThan(1_000);
        assertThat(answer.startsWith("HTTP/1.1 101 ")).isEqualTo(verdict.fault() == null);
        assertThat(verdict.client() == null).isEqualTo(verdict.fault() != null);
        assertThat(verdict.subprotocol()).isIn(null, "voltlane.2", "voltlane.3");
    }

    private static final class AnyProxy implements Layer.Naming {
        @Override
        public InetAddress proxy() {
            return InetAddress.getLoopbackAddress();
        }

        @Override
        public boolean trusts(InetAddress address) {
            return address.getAddress()[0] % 2 == 0;
        }

        @Override
        public boolean named(InetAddress client) {
            throw new AssertionError("is not begun here");
        }
    }

    private static Read read(List<byte[]> pieces) {
        AtomicLong held = new AtomicLong();
        HeadReader reader = new HeadReader(held::addAndGet);
        Verdict verdict = Verdict.MORE;
        int taken = 0;
        for (int i = 0; i < pieces.size() && verdict == Verdict.MORE; i++) {
            ByteBuf piece = Bufs.buf(pieces.get(i));
            verdict = reader.read(piece);
            taken += piece.readerIndex();
            piece.release();
            assertThat(held.get()).isLessThanOrEqualTo(HeadReader.MAX_BYTES);
        }
        String text = verdict == Verdict.COMPLETE ? reader.text() : "";
        reader.drop();
        assertThat(held).hasValue(0);
        return new Read(verdict, text, taken);
    }
}
