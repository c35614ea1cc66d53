package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.Direction;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests in which a relay resets links of version 3 after each byte: in each handshake, in data, and in acknowledgements,
 * in either direction. Every packet arrives once, in order, both ways.
 */
@Timeout(120)
@ExtendWith({LeakCheck.class, ThreadsLeft.class})
final class Version3CutEverywhereTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    /** The bytes of a new session's handshake. Out: version 6, Open 41. Back: Opened 55. */
    private static final int OPEN_BYTES = 60;

    /**
     * The bytes of a resume and what follows. Out: version 6, Resume 63, Answer 37, Data and Ack of some bytes. Back:
     * Challenge 37, Resumed 55, Ack 13, Data.
     */
    private static final int RESUME_BYTES = 190;

    private static ClientBuilder client(OwnServer server) {
        return server.client().protocol(Protocol.V3);
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void inTheHandshakeOfANewSession(Direction direction) throws Exception {
        try (OwnServer server = OwnServer.start()) {
            server.master().echo(true);
            for (int bytes = 1; bytes <= OPEN_BYTES; bytes++) {
                server.relay().cutAfter(direction, bytes);
                boolean mayConnect = bytes >= (direction == Direction.OUT ? 47 : 55);
                assertThat(connects(server)).as("cut after %d bytes", bytes).isIn(false, mayConnect);
            }
            server.relay().cutAfter(direction, Long.MAX_VALUE);
            try (VoltlaneClient client = client(server).connect()) {
                client.sendAcknowledged(Bytes.utf8("1"));
                assertThat(client.receive(LONG)).isEqualTo(Bytes.utf8("1"));
            }
        }
    }

    private static boolean connects(OwnServer server) throws Exception {
        try {
            client(server).closeTimeout(Duration.ofMillis(10)).connect().close();
            return true;
        } catch (HungUpException e) {
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void inAResumeAndInWhatFollows(Direction direction) throws Exception {
        Recorder events = new Recorder();
        try (OwnServer server = OwnServer.start();
                VoltlaneClient client = client(server).listener(events).connect()) {
            server.master().echo(true);
            long id = client.sessionId();
            int sent = 0;
            int received = 0;
            for (int bytes = 1; bytes <= RESUME_BYTES; bytes++) {
                server.relay().cutAfter(direction, bytes);
                server.relay().cut();
                client.send(Bytes.numbered(sent++, 20));
                client.send(Bytes.numbered(sent++, 20));
                while (received < sent) {
                    assertThat(client.receive(LONG))
                            .as("cut after %d", bytes)
                            .isEqualTo(Bytes.numbered(received++, 20));
                }
            }
            server.relay().cutAfter(direction, Long.MAX_VALUE);
            client.sendAcknowledged(Bytes.numbered(sent, 20)).get();
            assertThat(client.receive(LONG)).isEqualTo(Bytes.numbered(sent, 20));
            assertThat(client.sessionId()).isEqualTo(id);
            assertThat(client.discardedPackets()).isZero();
            assertThat(client.unacknowledged()).isZero();
        }
    }
}
