package net.voltlane.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import net.voltlane.protocol.Frame;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that the server under the benchmarks works. */
final class InMemoryServerTest {
    @ParameterizedTest
    @CsvSource({"1, 0", "1, 7", "1, 16384", "2, 0", "2, 7", "2, 16384"})
    void anEchoBringsEveryClientWhatItSent(int loops, int payloadBytes) {
        int clients = 3;
        int packets = 5;
        try (InMemoryServer server = new InMemoryServer(loops, clients)) {
            ByteBuf sent = Packets.ofClient(packets, payloadBytes);
            long before = server.takenByClients();
            server.echo(sent);
            assertThat(server.takenByClients() - before).isEqualTo((long) clients * sent.readableBytes());
            assertThat(lastFrame(server, payloadBytes)).isEqualTo(Frame.of(Packets.payload(payloadBytes)));
            sent.release();
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "2"})
    void whatTheMasterSendsReachesItsClients(int loops) {
        try (InMemoryServer server = new InMemoryServer(loops, 2)) {
            ByteBuf toClients = Packets.ofMaster(server.ids(), 3, 20);
            long before = server.takenByClients();
            server.down(toClients);
            assertThat(server.takenByClients() - before).isEqualTo(2 * 3 * (Frame.PREFIX_BYTES + 20));
            toClients.release();
        }
    }

    private static byte[] lastFrame(InMemoryServer server, int payloadBytes) {
        ByteBuf last = server.lastToAClient();
        byte[] frame = new byte[Frame.PREFIX_BYTES + payloadBytes];
        last.getBytes(last.writerIndex() - frame.length, frame);
        return frame;
    }
}
