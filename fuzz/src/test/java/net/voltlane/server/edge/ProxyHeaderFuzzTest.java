package net.voltlane.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import net.voltlane.fuzz.Script;
import net.voltlane.server.edge.ProxyHeader.Verdict;
import net.voltlane.server.link.Bufs;
import net.voltlane.testkit.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Anything where a PROXY header should stand gets the same verdict wherever it is cut, in bounded length; and what
 * stands behind a header is left alone, to the byte.
 *
 * <p>An input: how it is cut (see {@link Script#pieces}), and what comes.
 */
final class ProxyHeaderFuzzTest {
    private static final int FIXED_BYTES = 16;

    /** @param headerBytes how many the header took */
    private record Read(Verdict verdict, @Nullable InetAddress source, int headerBytes) {}

    @FuzzTest
    void anyHeader(byte[] input) {
        List<byte[]> pieces = new Script(input).pieces();
        byte[] all = Bytes.concat(pieces.toArray(byte[][]::new));
        Read atOnce = read(List.of(all));
        Read inPieces = read(pieces);
        assertThat(inPieces.verdict()).isEqualTo(atOnce.verdict());
        if (atOnce.verdict() == Verdict.MORE) {
            assertThat(all.length).isLessThan(FIXED_BYTES + ProxyHeader.MAX_BLOCK_BYTES);
        } else if (atOnce.verdict() == Verdict.COMPLETE) {
            assertThat(inPieces).isEqualTo(atOnce);
            complete(atOnce, Arrays.copyOf(all, atOnce.headerBytes()));
        }
    }

    private static void complete(Read read, byte[] header) {
        InetAddress source = read.source();
        if (header[0] == 'P') {
            assertThat(header.length).isLessThanOrEqualTo(ProxyHeader.MAX_LINE_BYTES);
            assertThat(Bytes.text(header)).startsWith("PROXY ").endsWith("\r\n");
            assertThat(source == null).isEqualTo(Bytes.text(header).startsWith("PROXY UNKNOWN"));
            return;
        }
        assertThat(header.length).isEqualTo(FIXED_BYTES + ((header[14] & 0xFF) << 8 | header[15] & 0xFF));
        if (source != null) {
            boolean inIpv6 = header[13] >> 4 == 2;
            byte[] told = Arrays.copyOfRange(header, FIXED_BYTES, FIXED_BYTES + (inIpv6 ? 16 : 4));
            byte[] known = source.getAddress();
            // IPv4 in IPv6 is IPv4: its last four bytes.
            assertThat(told).endsWith(known);
        }
    }

    private static Read read(List<byte[]> pieces) {
        ProxyHeader header = new ProxyHeader();
        Verdict verdict = Verdict.MORE;
        int taken = 0;
        for (int i = 0; i < pieces.size() && verdict == Verdict.MORE; i++) {
            ByteBuf piece = Bufs.buf(pieces.get(i));
            verdict = header.read(piece);
            taken += piece.readerIndex();
            piece.release();
        }
        return new Read(verdict, header.source(), taken);
    }
}
