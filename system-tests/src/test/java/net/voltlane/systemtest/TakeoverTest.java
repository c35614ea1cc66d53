package net.voltlane.systemtest;

import static net.voltlane.testkit.Bytes.numbered;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.Ping;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LinkEnded;
import net.voltlane.testkit.ScriptedClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/**
 * Section 5: a link that has proved itself takes a session over from one that still looks alive, and what the old one
 * had not delivered comes along. Several client loops, as the two links are then mostly on different ones.
 */
class TakeoverTest {
    private static final int PACKET_BYTES = 64 * 1024;
    private static final int PACKETS = 160;

    private static World world;

    @BeforeAll
    static void start() {
        world = World.setup()
                .with("listener.threads", 3)
                .with("clients.missed_packets_buffer_size", 0)
                .start();
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @RepeatedTest(5)
    void theMasterHearsTheOldLinkThenReconnectionThenTheNew() {
        ScriptedClient old = world.openHeard();
        ScriptedClient fresh = world.connect();
        byte[] box = fresh.requestChallenge(old.id());
        byte[] answer = ScriptedClient.answer(box, old.identity());
        for (int i = 0; i < 100; i++) {
            old.send(numbered(i, 100));
        }
        fresh.write(
                HandshakeCodec.frame(new ChallengeResponse(answer)),
                HandshakeCodec.frame(new Ping()),
                Frame.of(numbered(1000, 100)));
        fresh.expect(Ping.class);
        // The old link goes on; whether it is closed already does not matter.
        for (int i = 100; i < 200; i++) {
            trySend(old, numbered(i, 100));
        }
        fresh.send(numbered(1001, 100));

        int next = 0;
        FirehosePacket packet = world.master().nextFor(old.id());
        for (; packet.flag() == Flag.DATA; packet = world.master().nextFor(old.id())) {
            assertThat(Bytes.number(packet.data())).isEqualTo(next++);
        }
        assertThat(packet.flag()).isEqualTo(Flag.RECONNECTION);
        assertThat(Bytes.number(world.master().dataOf(old.id()))).isEqualTo(1000);
        assertThat(Bytes.number(world.master().dataOf(old.id()))).isEqualTo(1001);
        world.settle();
        world.master().expectSilenceOf(old.id(), Duration.ofMillis(100));
    }

    @Test
    void theOldLinkIsClosedAndGetsNothingNew() {
        ScriptedClient old = world.openHeard();
        ScriptedClient fresh = world.connect();
        fresh.resume(old.identity());
        world.master().send(old.id(), utf8("for the new link"));
        assertThat(fresh.receive()).isEqualTo(utf8("for the new link"));
        assertThat(old.readUntilClosed(Duration.ofSeconds(7)).rest()).isEmpty();
        world.roundTripAfterReconnection(fresh);
    }

    @Test
    void theEndOfTheOldLinkDoesNotTouchTheSession() {
        ScriptedClient old = world.openHeard();
        ScriptedClient fresh = world.resumed(old.identity());
        old.cut();
        world.settle();
        world.roundTripAfterReconnection(fresh);
    }

    @Test
    void whatTheOldLinkHadNotDeliveredComesOverTheNewOne() {
        ScriptedClient old = slowReaderWithFullLink();
        ScriptedClient fresh = world.connect().timeout(Duration.ofSeconds(10));
        fresh.resume(old.identity());
        world.master().send(old.id(), numbered(PACKETS, PACKET_BYTES));

        int oldGot = wholePackets(old.readUntilClosed(Duration.ofSeconds(10)).rest());
        assertThat(oldGot).as("packets on the old link").isLessThan(PACKETS);
        for (int i = oldGot; i <= PACKETS; i++) {
            assertThat(Bytes.number(fresh.receive())).isEqualTo(i);
        }
        world.roundTripAfterReconnection(fresh);
    }

    @Test
    void leftoversOfALinkThatIsLostAreKeptThoughNoMissedPacketsAre() {
        ScriptedClient old = slowReaderWithFullLink();
        old.shutdownOutput();
        int oldGot = wholePackets(old.readUntilClosed(Duration.ofSeconds(10)).rest());
        assertThat(oldGot).as("packets on the old link").isLessThan(PACKETS);
        world.settle();

        ScriptedClient fresh = world.connect().timeout(Duration.ofSeconds(10));
        fresh.resume(old.identity());
        for (int i = oldGot; i < PACKETS; i++) {
            assertThat(Bytes.number(fresh.receive())).isEqualTo(i);
        }
        world.roundTripAfterReconnection(fresh);
    }

    @Test
    void leftoversOfALinkThatIsResetComeWholeAndInOrder() {
        ScriptedClient old = slowReaderWithFullLink();
        old.cut();
        world.settle();
        ScriptedClient fresh = world.connect().timeout(Duration.ofSeconds(10));
        fresh.resume(old.identity());
        // What the kernel had taken is gone; what the server still held is not.
        byte[] first = fresh.receive();
        assertThat(first).hasSize(PACKET_BYTES);
        for (int i = Bytes.number(first) + 1; i < PACKETS; i++) {
            byte[] packet = fresh.receive();
            assertThat(packet).hasSize(PACKET_BYTES);
            assertThat(Bytes.number(packet)).isEqualTo(i);
        }
        world.roundTripAfterReconnection(fresh);
    }

    @Test
    void leftoversSurviveSeveralTakeovers() {
        ScriptedClient old = slowReaderWithFullLink();
        ScriptedClient second = world.connect(8 * 1024);
        second.resume(old.identity());
        ScriptedClient third = world.connect().timeout(Duration.ofSeconds(10));
        third.resume(old.identity());
        int got = wholePackets(old.readUntilClosed(Duration.ofSeconds(10)).rest());
        got += wholePackets(second.readUntilClosed(Duration.ofSeconds(10)).rest());
        for (int i = got; i < PACKETS; i++) {
            assertThat(Bytes.number(third.receive())).isEqualTo(i);
        }
        world.master().expectReconnection(old.id());
        world.roundTripAfterReconnection(third);
    }

    /** A client that does not read, and for which more was sent than sockets take. */
    private static ScriptedClient slowReaderWithFullLink() {
        ScriptedClient client = world.connect(8 * 1024);
        client.openSession();
        world.introduce(client);
        for (int i = 0; i < PACKETS; i++) {
            world.master().send(client.id(), numbered(i, PACKET_BYTES));
        }
        world.settle();
        return client;
    }

    /** Returns the number of whole packets; the bytes after them are a part of the next one. */
    private static int wholePackets(byte[] bytes) {
        return bytes.length / (Frame.PREFIX_BYTES + PACKET_BYTES);
    }

    private static void trySend(ScriptedClient client, byte[] data) {
        try {
            client.send(data);
        } catch (LinkEnded e) {
            // the server has closed it
        }
    }
}
