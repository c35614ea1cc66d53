package net.voltlane.server.edge;

import static net.voltlane.server.link.Bufs.payload;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The packets that sockets of a version-2 client have taken, as a master of firehose 3 is told of them. */
final class CountedVersion2LinkTest extends ClientLinkCase {
    /** A packet of ten bytes with its length in front. */
    private static final int FRAME_BYTES = 14;

    @BeforeEach
    void useFirehose3() {
        harness.master.acknowledges = true;
    }

    private void sendAtOnce(EdgeClient to, byte[]... payloads) {
        for (byte[] payload : payloads) {
            harness.send(to.id, payload);
        }
        harness.run();
    }

    private void breaks(EdgeClient client) {
        client.channel.broken(new IOException("reset by peer"));
        harness.run();
    }

    @Test
    void theMasterIsToldWhatTheSocketHasTaken() {
        EdgeClient client = harness.open();
        sendNumbered(client, 1, 1);
        sendAtOnce(client, payload(2, 10), payload(3, 0), payload(4, 20_000));
        assertThat(harness.master.delivered).containsExactly(1L, 4L);
    }

    @Test
    void nothingIsToldWhileSomethingWaits() {
        EdgeClient client = harness.open();
        client.channel.takes(2 * FRAME_BYTES + 3);
        sendNumbered(client, 1, 5);
        assertThat(harness.master.delivered).containsExactly(1L, 2L);
        client.channel.takesAll();
        harness.run();
        assertThat(harness.master.delivered).containsExactly(1L, 2L, 5L);
    }

    @Test
    void aLostLinkTellsExactlyWhatItsSocketHasTakenWhole() {
        EdgeClient client = harness.open();
        client.channel.takes(2 * FRAME_BYTES + 3);
        sendAtOnce(client, numbered(1, 5));
        assertThat(harness.master.delivered).isEmpty();
        breaks(client);
        assertThat(harness.master.delivered).containsExactly(2L);
    }

    @Test
    void countsGoOnOverAllLinks() {
        EdgeClient client = harness.open();
        client.channel.takes(2 * FRAME_BYTES);
        sendNumbered(client, 1, 4);
        breaks(client);
        EdgeClient back = client.again().resume();
        assertThat(back.data()).containsExactly(numbered(3, 4));
        sendNumbered(back, 5, 5);
        assertThat(harness.master.delivered).endsWith(2L, 4L, 5L);
        back.channel.takes(0);
        sendNumbered(back, 6, 7);
        EdgeClient third = back.again().resume();
        assertThat(harness.master.delivered).endsWith(5L, 7L);
        assertThat(third.data()).containsExactly(numbered(6, 7));
    }

    @Test
    void aMasterOfFirehose2IsToldNothing() {
        harness.master.acknowledges = false;
        EdgeClient client = harness.open();
        sendNumbered(client, 1, 3);
        breaks(client);
        assertThat(harness.master.delivered).isEmpty();
    }
}
