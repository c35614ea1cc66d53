package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Flag;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.Direction;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests in which a relay resets the link after each byte of each handshake and of a frame, in either direction. */
@Timeout(300)
@ExtendWith({LeakCheck.class, ThreadsLeft.class})
final class CutEverywhereTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    /**
     * The bytes of a new session's handshake. Out: ProtocolVersion 6, PubKey 39. Back: PubKey 39, ClientId up to 14.
     */
    private static final int NEW_SESSION_BYTES = 53;

    /** The bytes that a resume sends: ProtocolVersion 6, ClientId up to 14, ChallengeResponse 78, Ping 5. */
    private static final int RESUME_BYTES_OUT = 103;

    /** The bytes that a resume receives: PubKey 39, Challenge 78, Ping 5. */
    private static final int RESUME_BYTES_BACK = 122;

    private static final int FRAME_BYTES = 24;

    private static void assertEchoes(VoltlaneClient client, int number) throws Exception {
        client.send(Bytes.numbered(number, 16));
        while (true) {
            byte[] packet = client.receive(LONG);
            assertThat(packet).as("an echo of %d", number).isNotNull();
            if (Bytes.number(packet) == number) {
                return;
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void inTheHandshakeOfANewSession(Direction direction) throws Exception {
        try (OwnServer server = OwnServer.start()) {
            server.master().echo(true);
            for (int bytes = 1; bytes <= NEW_SESSION_BYTES; bytes++) {
                server.relay().cutAfter(direction, bytes);
                // A small id takes fewer bytes, so a cut near the end may come after the handshake is done.
                boolean mayConnect = bytes >= (direction == Direction.OUT ? 45 : 40);
                assertThat(connects(server)).as("cut after %d bytes", bytes).isIn(false, mayConnect);
            }
            server.relay().cutAfter(direction, Long.MAX_VALUE);
            try (VoltlaneClient client = server.client().connect()) {
                assertEchoes(client, 1);
            }
        }
    }

    private static boolean connects(OwnServer server) throws Exception {
        try {
            server.client().connect().close();
            return true;
        } catch (HungUpException e) {
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void inTheHandshakeOfAResume(Direction direction) throws Exception {
        int last = direction == Direction.OUT ? RESUME_BYTES_OUT : RESUME_BYTES_BACK;
        Recorder events = new Recorder();
        try (OwnServer server = OwnServer.start();
                VoltlaneClient client = server.client().listener(events).connect()) {
            server.master().echo(true);
            long id = client.sessionId();
            assertEchoes(client, 0);
            for (int bytes = 1; bytes <= last; bytes++) {
                server.relay().cutAfter(direction, bytes);
                server.relay().cut();
                events.until("resumed");
                awaitEcho(client, bytes);
                assertThat(client.sessionId()).isEqualTo(id);
            }
            assertThat(client.discardedPackets()).isZero();
        }
    }

    /** Sends a packet again until its echo comes, as packets that were on their way on the old link are lost. */
    private static void awaitEcho(VoltlaneClient client, int number) throws Exception {
        for (int tries = 0; tries < 100; tries++) {
            client.send(Bytes.numbered(number, 16));
            byte[] packet = client.receive(Duration.ofMillis(500));
            while (packet != null) {
                if (Bytes.number(packet) == number) {
                    return;
                }
                packet = client.receive(Duration.ofMillis(500));
            }
        }
        throw new AssertionError("never heard again");
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void inAFrame(Direction direction) throws Exception {
        Recorder events = new Recorder();
        try (OwnServer server = OwnServer.start();
                VoltlaneClient client = server.client().listener(events).connect()) {
            long id = client.sessionId();
            client.send(Bytes.numbered(0, 20));
            server.master().dataOf(id);
            for (int bytes = 1; bytes <= FRAME_BYTES; bytes++) {
                server.relay().cutAfter(direction, bytes);
                byte[] frame = Bytes.numbered(bytes, 20);
                byte[] after = Bytes.numbered(-bytes, 20);
                if (direction == Direction.OUT) {
                    client.send(frame);
                    events.until("resumed");
                    client.send(after);
                    assertThatItCame(server, id, frame, after);
                } else {
                    server.master().send(id, frame);
                    events.until("resumed");
                    server.master().expectReconnection(id);
                    server.master().send(id, after);
                    assertThatItCame(client, frame, after);
                }
            }
        }
    }

    /** Checks that the frame arrived at most once, whole, and before the one after it. */
    private static void assertThatItCame(OwnServer server, long id, byte[] frame, byte[] after) {
        boolean came = false;
        while (true) {
            FirehosePacket packet = server.master().nextFor(id);
            if (packet.flag() == Flag.RECONNECTION) {
                continue;
            }
            if (Bytes.number(packet.data()) == Bytes.number(after)) {
                assertThat(packet.data()).isEqualTo(after);
                return;
            }
            assertThat(packet.data()).isEqualTo(frame);
            assertThat(came).isFalse();
            came = true;
        }
    }

    private static void assertThatItCame(VoltlaneClient client, byte[] frame, byte[] after) throws Exception {
        byte[] packet = client.receive(LONG);
        if (packet != null && Bytes.number(packet) == Bytes.number(frame)) {
            assertThat(packet).isEqualTo(frame);
            packet = client.receive(LONG);
        }
        assertThat(packet).isEqualTo(after);
    }
}
