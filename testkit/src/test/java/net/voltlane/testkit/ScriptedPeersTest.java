package net.voltlane.testkit;

import static net.voltlane.testkit.Bytes.hex;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.time.Duration;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.Tag;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The scripted peers against each other: here the client writes what a connection server would. */
class ScriptedPeersTest {
    private static final Duration SHORT = Duration.ofMillis(100);

    private final ScriptedMaster master = ScriptedMaster.listen(Ports.free(), 8 * 1024);
    private final ScriptedClient server = ScriptedClient.connect(master.address(), 8 * 1024);

    @AfterEach
    void close() {
        server.close();
        master.close();
    }

    @Test
    void packetsAreTakenInOrderOfArrivalOrByClient() {
        server.write(data(1, "a"), data(2, "b"), data(1, "c"), data(3, "d"));
        assertThat(master.nextFor(2)).isEqualTo(packet(2, "b"));
        assertThat(master.next()).isEqualTo(packet(1, "a"));
        assertThat(master.next()).isEqualTo(packet(1, "c"));
        assertThat(master.nextFor(3)).isEqualTo(packet(3, "d"));
        assertThat(master.firehose().packetsReceived()).isEqualTo(4);
    }

    @Test
    void framesAreReadHoweverTheyArriveAndHoweverLargeTheyAre() {
        byte[] large = Bytes.numbered(7, 300_000);
        server.drip(data(1, "one byte at a time"));
        server.write(Tag.frame(2, Flag.DATA, large), data(2, ""));
        assertThat(master.next()).isEqualTo(packet(1, "one byte at a time"));
        assertThat(master.dataOf(2)).isEqualTo(large);
        assertThat(master.dataOf(2)).isEmpty();
    }

    @Test
    void waitingForWhatDoesNotComeFailsInTimeAndTellsWhatCame() {
        server.write(data(1, "a"));
        assertThatThrownBy(() -> master.firehose().nextFor(9, SHORT))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("client 9")
                .hasMessageContaining("1 packets came in all");
        assertThatThrownBy(() -> server.receive(SHORT))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("a data frame");
        assertThatThrownBy(() -> server.timeout(SHORT).readUntilClosed())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("close the link");
    }

    @Test
    void bytesThatAreNoHandshakePacketAreTold() {
        master.write(hex("01 00 00 00 07"));
        assertThatThrownBy(() -> server.expect(Ping.class)).isInstanceOf(AssertionError.class);
    }

    @Test
    void aPausedMasterTakesNoByteAndAllOfThemLater() {
        master.firehose();
        master.pauseReading();
        byte[] frame = Tag.frame(1, Flag.DATA, new byte[64 * 1024 - Tag.FRAME_HEADER_BYTES]);
        ByteBuffer pending = ByteBuffer.wrap(frame);
        long sent = 0;
        for (int taken = 1; taken > 0; ) {
            taken = server.offer(pending, SHORT);
            sent += taken;
            if (!pending.hasRemaining()) {
                pending.rewind();
            }
        }
        assertThat(master.firehose().packetsReceived()).isZero();
        master.resumeReading();
        server.write(rest(pending));
        long frames = (sent + frame.length - 1) / frame.length;
        await().untilAsserted(
                        () -> assertThat(master.firehose().packetsReceived()).isEqualTo(frames));
    }

    @Test
    void anEchoingMasterSendsDataBackAndKeepsTheRest() {
        master.echo(true);
        server.write(data(5, "hello"), Tag.frame(5, Flag.RECONNECTION, new byte[0]));
        byte[] expected = data(5, "hello");
        assertThat(server.read(expected.length)).isEqualTo(expected);
        master.expectReconnection(5);
    }

    @Test
    void aCutIsSeenAsAResetAndAClosedLinkAsAFin() {
        master.firehose().cut();
        assertThat(server.readUntilClosed().orderly()).isFalse();
        try (ScriptedClient second = ScriptedClient.connect(master.address())) {
            await().until(() -> master.links() == 2);
            master.firehose().close();
            assertThat(second.readUntilClosed().orderly()).isTrue();
        }
    }

    @Test
    void aCutWorksWhilePaused() {
        Firehose link = master.accept();
        master.pauseReading();
        link.cut();
        assertThat(server.readUntilClosed().orderly()).isFalse();
    }

    @Test
    void theMasterSeesHowItsLinkEnds() {
        Firehose link = master.accept();
        server.write(hex("10 00 00 00 01"));
        server.shutdownOutput();
        await().until(link::hasEnded);
        assertThatThrownBy(() -> link.next(SHORT)).hasMessageContaining("inside a frame");
    }

    @Test
    void aMasterThatStopsListeningRefusesAndComesBackOnItsPort() {
        Firehose first = master.accept();
        master.stopListening();
        assertThat(ServerProcess.accepts(master.address())).isFalse();
        server.write(data(1, "still here"));
        assertThat(first.dataOf(1)).isEqualTo(utf8("still here"));
        master.listenAgain();
        try (ScriptedClient again = ScriptedClient.connect(master.address())) {
            again.write(data(1, "again"));
            assertThat(master.accept().dataOf(1)).isEqualTo(utf8("again"));
        }
    }

    private static byte[] rest(ByteBuffer pending) {
        byte[] rest = new byte[pending.remaining()];
        pending.get(rest);
        return rest;
    }

    private static byte[] data(long id, String text) {
        return Tag.frame(id, Flag.DATA, utf8(text));
    }

    private static FirehosePacket packet(long id, String text) {
        return new FirehosePacket(id, Flag.DATA, utf8(text));
    }
}
