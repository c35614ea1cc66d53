package net.voltlane.server.edge;

import static net.voltlane.server.link.Bufs.frame;
import static net.voltlane.server.link.Bufs.payload;
import static net.voltlane.testkit.Bytes.concat;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import net.voltlane.protocol.Reason;
import net.voltlane.server.edge.EdgeHarness.Master;
import org.junit.jupiter.api.Test;

/** Links of a server whose sessions and clients share one loop. */
final class ClientLinkOneLoopTest extends ClientLinkCase {
    @Test
    void onOneLoopAllOfItWorksAsWell() {
        harness.close();
        harness = EdgeHarness.ofOneLoop();
        EdgeClient client = harness.open();
        client.send(concat(frame(1, 5), frame(2, 70_000), frame(3, 0)));
        assertThat(harness.master.dataOf(client.id)).containsExactly(payload(1, 5), payload(2, 70_000), payload(3, 0));

        client.channel.takes(14 + 3);
        sendNumbered(client, 1, 3);
        EdgeClient back = client.again().resume();
        assertThat(back.data()).containsExactly(numbered(2, 3));

        back.channel.takes(0);
        sendNumbered(back, 4, 5);
        harness.sessions.kick(back.id);
        harness.run();
        back.channel.takesAll();
        harness.run();
        assertThat(back.data()).containsExactly(numbered(4, 5));
        assertThat(harness.master.received())
                .containsExactly(Master.reconnected(back.id), Master.failed(back.id, Reason.CLIENT_KICKED));
    }

    @Test
    void onOneLoopALargeReadIsHandedOverWithinTheTick() {
        harness.close();
        harness = EdgeHarness.ofOneLoop();
        List<EdgeClient> clients = Stream.generate(harness::open).limit(6).toList();
        clients.forEach(client -> client.channel.receives(frame(1, 60_000)));
        for (int i = 0; i < clients.size(); i++) {
            harness.clientLoop.runOne(); // six reads of one tick
        }
        assertThat(harness.master.received())
                .as("five of them were enough for a batch")
                .hasSize(5);
        harness.run();
        assertThat(harness.master.received()).hasSize(1);
    }
}
