package net.voltlane.server.edge;

import static net.voltlane.server.link.Bufs.frame;
import static net.voltlane.server.link.Bufs.payload;
import static net.voltlane.testkit.Bytes.concat;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import net.voltlane.server.edge.EdgeHarness.Master;
import org.junit.jupiter.api.Test;

/** Links that are lost or taken over, and the leftovers that the next link gets. */
final class ClientLinkDetachingTest extends ClientLinkCase {
    @Test
    void aTakenOverLinkGivesBackWhatItsSocketHasNotWhollyTaken() {
        EdgeClient old = harness.open();
        old.send(frame(0, 4));
        old.channel.takes(14 + 5);
        sendNumbered(old, 1, 3);
        EdgeClient back = old.again().resume();
        assertThat(back.data()).containsExactly(numbered(2, 3));
        assertThat(old.data()).containsExactly(numbered(1, 1));
        assertThat(old.isClosed()).isTrue();
        old.channel.takesAll();
        old.send(frame(4, 4));
        assertThat(harness.master.received())
                .as("nothing that the old link read comes after the Reconnection")
                .containsExactly(Master.data(old.id, payload(0, 4)), Master.reconnected(old.id));
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void whoComesBackWithoutHavingSaidAnythingIsMentionedWhenItSpeaks() {
        EdgeClient silent = harness.open();
        EdgeClient back = silent.again().resume();
        assertThat(harness.master.received()).isEmpty();
        back.send(concat(frame(1, 5), frame(2, 5)));
        assertThat(harness.master.received())
                .containsExactly(Master.data(silent.id, payload(1, 5)), Master.data(silent.id, payload(2, 5)));
        EdgeClient again = back.again().resume();
        again.send(frame(3, 5));
        assertThat(harness.master.received())
                .containsExactly(Master.reconnected(silent.id), Master.data(silent.id, payload(3, 5)));
    }

    @Test
    void atEveryCutTheNextLinkGetsTheRestOnce() {
        byte[] all = concat(frame(1, 10), frame(2, 0), frame(3, 5));
        byte[][] payloads = {payload(1, 10), payload(2, 0), payload(3, 5)};
        int[] ends = {14, 18, 27};
        for (int cut = 0; cut <= all.length; cut++) {
            EdgeClient client = harness.open();
            client.channel.takes(cut);
            for (byte[] payload : payloads) {
                harness.send(client.id, payload);
            }
            harness.run();
            client.channel.broken(new IOException("reset by peer"));
            harness.run();
            int whole = 0;
            while (whole < ends.length && ends[whole] <= cut) {
                whole++;
            }
            assertThat(client.again().resume().data())
                    .as("cut after %d bytes", cut)
                    .containsExactly(Arrays.copyOfRange(payloads, whole, payloads.length));
        }
    }

    @Test
    void whatWasDeliveredToALostLinkBeforeItWasDetachedComesBackAsWell() {
        EdgeClient client = harness.open();
        client.channel.broken(new IOException("reset by peer"));
        harness.send(client.id, payload(1, 10));
        harness.sessionLoop.run(); // the session loop does not know yet
        harness.send(client.id, payload(2, 10));
        harness.run();
        assertThat(client.again().resume().data()).containsExactly(numbered(1, 2));
    }
}
