package net.voltlane.tcp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import net.voltlane.tcp.SocketState.Timer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests with text as Linux prints it on a little-endian machine. */
final class ProcNetTcpTest {
    private static final String HEADER =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

    @BeforeEach
    void theTextIsOfSuchAMachine() {
        assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN);
    }

    private static Map<AddressPair, SocketState> read(String text) throws IOException {
        Map<AddressPair, SocketState> found = new HashMap<>();
        new ProcNetTcp(found).read(new ByteArrayInputStream(text.getBytes(US_ASCII)));
        return found;
    }

    private static AddressPair pair(String local, int localPort, String remote, int remotePort) throws IOException {
        return AddressPair.of(
                new InetSocketAddress(InetAddress.getByName(local), localPort),
                new InetSocketAddress(InetAddress.getByName(remote), remotePort));
    }

    private static String line(String ends, String state, String queues, String timer, String retransmits, int probes) {
        return "   7: " + ends + " " + state + " " + queues + " " + timer + " " + retransmits + "     0        "
                + probes + " 5011 2 0000000000000000 22 4 30 10 -1\n";
    }

    @Test
    void dataUnderWayAndHowOftenItWasRepeated() throws Exception {
        String text =
                HEADER + line("0100007F:A410 0200007F:B7C1", "01", "00000019:00000003", "01:00000014", "00000002", 0);
        assertThat(read(text))
                .containsExactly(Map.entry(
                        pair("127.0.0.1", 0xA410, "127.0.0.2", 0xB7C1), new SocketState(0x19, 3, Timer.RETRANSMIT, 2)));
    }

    @Test
    void aShutWindowAndHowManyQuestionsAreOpen() throws Exception {
        String text =
                HEADER + line("0100007F:A410 0100007F:B7C1", "01", "0013F2A0:00000000", "04:00000014", "00000000", 5);
        assertThat(read(text).values()).containsExactly(new SocketState(0x13F2A0, 0, Timer.PROBE, 5));
    }

    @Test
    void anIpv4AddressIsTheSameInTheTableForIpv6() throws Exception {
        String text = HEADER
                + line(
                        "0000000000000000FFFF00000100007F:A410 0000000000000000FFFF00000200007F:B7C1",
                        "01",
                        "00000001:00000000",
                        "01:00000014",
                        "00000001",
                        0);
        assertThat(read(text)).containsOnlyKeys(pair("127.0.0.1", 0xA410, "127.0.0.2", 0xB7C1));
    }

    @Test
    void anIpv6AddressIsFourNumbers() throws Exception {
        String text = HEADER
                + line(
                        "B80D0120000000000000000001000000:A410 00000000000000000000000001000000:0050",
                        "01",
                        "00000001:00000000",
                        "00:00000000",
                        "00000000",
                        0);
        assertThat(read(text))
                .containsExactly(
                        Map.entry(pair("2001:db8::1", 0xA410, "::1", 80), new SocketState(1, 0, Timer.OTHER, 0)));
    }

    @Test
    void socketsWithoutUnacknowledgedDataAreLeftOutAndSoAreUnconnectedOnes() throws Exception {
        String ends = "0100007F:A410 0200007F:B7C1";
        String text = HEADER
                + line(ends, "01", "00000000:00000019", "02:00000014", "00000000", 0)
                + line(ends, "02", "00000001:00000000", "01:00000014", "00000003", 0)
                + line(ends, "0A", "00000001:00000000", "00:00000000", "00000000", 0);
        assertThat(read(text)).isEmpty();
    }

    @Test
    void rubbishIsSkippedAndTheRestIsRead() throws Exception {
        String good = line("0100007F:A410 0200007F:B7C1", "01", "00000019:00000000", "01:00000014", "00000002", 0);
        String text =
                HEADER + "\n:\n  1: \n  2: x y z\n  3: 01:02 03:04 zz 1:1\n  4: 0100007F 0200007F 01 01 01 01 01 01\n"
                        + "x".repeat(200_000) + "\n" + good + good.substring(0, 60);
        assertThat(read(text)).hasSize(1);
    }

    @Test
    void linesAreReadHoweverTheyArriveInPieces() throws Exception {
        StringBuilder text = new StringBuilder(HEADER);
        for (int i = 0; i < 2_000; i++) {
            text.append(line(
                    String.format("0100007F:%04X 0200007F:B7C1", i + 1),
                    "01",
                    "00000019:00000000",
                    "01:00000014",
                    "00000002",
                    0));
        }
        byte[] bytes = text.toString().getBytes(US_ASCII);
        for (int piece : new int[] {1, 7, 149, 150, 151, 100_000}) {
            Map<AddressPair, SocketState> found = new HashMap<>();
            new ProcNetTcp(found).read(new ByteArrayInputStream(bytes) {
                @Override
                public int read(byte[] into, int offset, int length) {
                    return super.read(into, offset, Math.min(length, piece));
                }
            });
            assertThat(found).as("in pieces of " + piece).hasSize(2_000);
        }
    }

    @Test
    void aTableWithoutAnEndDoesNotFillTheMemory() throws Exception {
        Map<AddressPair, SocketState> found = new HashMap<>();
        ProcNetTcp table = new ProcNetTcp(found);
        for (int address = 0; address < 2; address++) {
            StringBuilder text = new StringBuilder();
            for (int port = 0; port < 65_536; port++) {
                text.append(line(
                        String.format("0100007F:%04X %02X00007F:B7C1", port, address),
                        "01",
                        "00000019:00000000",
                        "01:00000014",
                        "00000002",
                        0));
            }
            try (InputStream file = new ByteArrayInputStream(text.toString().getBytes(US_ASCII))) {
                table.read(file);
            }
        }
        assertThat(found).hasSize(ProcNetTcp.MAX_KEPT);
    }
}
