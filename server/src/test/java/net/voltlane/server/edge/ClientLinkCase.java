package net.voltlane.server.edge;

import static net.voltlane.server.edge.EdgeHarness.MAX_FRAME_BYTES;
import static net.voltlane.server.link.Bufs.payload;

import java.util.stream.IntStream;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** The harness and the numbered packets that tests of {@link ClientLink} share. */
@ExtendWith(LeakCheck.class)
abstract class ClientLinkCase {
    EdgeHarness harness = new EdgeHarness();

    @AfterEach
    final void close() {
        harness.close();
    }

    /** Starts over with bounds for what waits for a client. */
    final void bounds(int packets, int bytes, boolean blocks) {
        harness.close();
        harness = new EdgeHarness(new EdgeSettings(
                MAX_FRAME_BYTES, EdgeHarness.HANDSHAKE_TIMEOUT.toNanos(), new QueueBounds(packets, bytes), blocks, 0));
    }

    /** The master sends numbered packets of ten bytes, each in a batch of its own. */
    final void sendNumbered(EdgeClient to, int first, int last) {
        for (int i = first; i <= last; i++) {
            harness.send(to.id, payload(i, 10));
            harness.run();
        }
    }

    static byte[][] numbered(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(i -> payload(i, 10)).toArray(byte[][]::new);
    }
}
