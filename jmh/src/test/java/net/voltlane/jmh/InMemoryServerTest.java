package net.voltlane.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import net.voltlane.protocol.Frame;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that the server under the benchmarks works. */
final class InMemoryServerTest {
    @ParameterizedTest
    @CsvSource({
        "1, 0, 2, 2", "1, 7, 2, 2", "1, 16384, 2, 2", "2, 0, 2, 2", "2, 7, 2, 2", "2, 16384, 2, 2",
        "1, 0, 3, 2", "1, 7, 3, 2", "1, 16384, 3, 2", "2, 0, 3, 2", "2, 7, 3, 2", "2, 16384, 3, 2",
        "1, 0, 3, 3", "1, 7, 3, 3", "1, 16384, 3, 3", "2, 0, 3, 3", "2, 7, 3, 3", "2, 16384, 3, 3",
        "1, 7, 2, 3", "2, 7, 2, 3"
    })
    void anEchoBringsEveryClientWhatItSent(int loops, int payloadBytes, int protocol, int firehose) {
        int clients = 3;
        int packets = 5;
        try (InMemoryServer server = new InMemoryServer(loops, clients, protocol, firehose)) {
            ByteBuf sent = Packets.ofClient(packets, payloadBytes, protocol);
            long before = server.takenByClients();
            server.echo(sent, packets);
            // In version 3 with an Ack of the server, as long as the one that each client has sent; two in more than 64
            // KiB.
            long second = protocol == 3 && payloadBytes > 1024 ? clients * 13 : 0;
            assertThat(server.takenByClients() - before).isEqualTo((long) clients * sent.readableBytes() + second);
            if (protocol == 2) { // in version 3 the Ack comes last
                assertThat(lastFrame(server, payloadBytes)).isEqualTo(Frame.of(Packets.payload(payloadBytes)));
            }
            sent.release();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 2, 2", "2, 2, 2", "1, 3, 2", "2, 3, 2", "1, 3, 3", "2, 3, 3", "1, 2, 3"})
    void whatTheMasterSendsReachesItsClients(int loops, int protocol, int firehose) {
        try (InMemoryServer server = new InMemoryServer(loops, 2, protocol, firehose)) {
            ByteBuf toClients = Packets.ofMaster(server.ids(), 3, 20);
            long before = server.takenByClients();
            server.down(toClients, 3);
            assertThat(server.takenByClients() - before).isEqualTo(6L * Packets.frameBytes(20, protocol));
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
