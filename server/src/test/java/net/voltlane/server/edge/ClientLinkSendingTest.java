package net.voltlane.server.edge;

import static net.voltlane.server.link.Bufs.payload;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Packets from the master to a client that takes them. */
final class ClientLinkSendingTest extends ClientLinkCase {
    @Test
    void packetsAreDeliveredInOrderSmallAndLarge() {
        EdgeClient client = harness.open();
        int[] sizes = {0, 1, 4095, 4096, 5, 70_000, 0};
        List<byte[]> payloads = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++) {
            payloads.add(payload(i, sizes[i]));
            harness.send(client.id, payloads.get(i));
        }
        harness.run();
        assertThat(client.data()).containsExactlyElementsOf(payloads);
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void oneClientsPacketsOfOneBatchAreOneWrite() {
        EdgeClient client = harness.open();
        client.channel.takes(0);
        harness.send(client.id, payload(1, 10));
        harness.send(client.id, payload(2, 10));
        assertThat(client.rest()).isEmpty();
        harness.run();
        client.channel.takes(28);
        assertThat(client.data()).containsExactly(numbered(1, 2));
    }

    @Test
    void packetsThatTheSocketTakesAreNeverTooMany() {
        bounds(2, 30, false);
        EdgeClient client = harness.open();
        for (int i = 0; i < 100; i++) {
            harness.send(client.id, payload(i, 10));
        }
        harness.run();
        assertThat(client.data()).hasSize(100);
        assertThat(client.isClosed()).isFalse();
    }
}
