package net.voltlane.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Frame;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.version3.ClientKeys;
import net.voltlane.testkit.version3.CountedClient;

/**
 * A client of version 3 that counts, on an {@link EdgeHarness}. A test moves the bytes of both directions as far as it
 * likes before it cuts the link. Each packet is compared when it arrives, at both ends.
 */
final class CountedEdgeClient {
    private final EdgeHarness harness;
    final CountedClient client;
    FakeChannel channel;

    private final List<byte[]> sentUp = new ArrayList<>();
    private final List<byte[]> sentDown = new ArrayList<>();
    private long arrivedUp;
    /** Bytes that the client has written, and that have not come to the server. */
    private byte[] toServer = {};
    /** Bytes that the server's socket has taken, and that have not come to the client. */
    private byte[] toClient = {};
    /** The beginning of a frame that has come to the client. */
    private byte[] unfinished = {};

    private int connections;
    private final List<FakeChannel> replaced = new ArrayList<>();

    CountedEdgeClient(EdgeHarness harness) {
        this.harness = harness;
        client = new CountedClient("the client", new ClientKeys(), (number, payload) -> {
            assertThat(number).isLessThanOrEqualTo(sentDown.size());
            assertThat(payload).as("packet %s for the client", number).isEqualTo(sentDown.get((int) number - 1));
        });
        channel = connect();
        client.open(this::write, new byte[0], 0);
    }

    private FakeChannel connect() {
        toServer = new byte[0];
        toClient = new byte[0];
        unfinished = new byte[0];
        connections++;
        return harness.accept(EdgeClient.HOME);
    }

    private void write(byte[] bytes) {
        toServer = Bytes.concat(toServer, bytes);
    }

    // ---- both ends send

    void sends(byte[] payload) {
        sentUp.add(payload);
        client.send(payload);
    }

    void isSent(byte[] payload) {
        sentDown.add(payload);
        harness.send(client.id(), payload);
        harness.run();
    }

    // ---- bytes move

    int bytesToServer() {
        return toServer.length;
    }

    /** The next bytes come to the server. */
    void up(int bytes) {
        int length = Math.min(bytes, toServer.length);
        channel.receives(Arrays.copyOf(toServer, length));
        toServer = Arrays.copyOfRange(toServer, length, toServer.length);
        harness.run();
        compareUp();
    }

    private void compareUp() {
        for (FirehosePacket packet : harness.master.received()) {
            if (packet.flag() == Flag.DATA) {
                assertThat(packet.data())
                        .as("packet %s of the client", arrivedUp + 1)
                        .isEqualTo(sentUp.get((int) arrivedUp));
                arrivedUp++;
            } else {
                assertThat(packet.flag()).isEqualTo(Flag.RECONNECTION);
            }
        }
    }

    int bytesToClient() {
        toClient = Bytes.concat(toClient, channel.taken());
        return toClient.length;
    }

    /** The next bytes come to the client. */
    void down(int bytes) {
        int length = Math.min(bytes, bytesToClient());
        unfinished = Bytes.concat(unfinished, Arrays.copyOf(toClient, length));
        toClient = Arrays.copyOfRange(toClient, length, toClient.length);
        int index = 0;
        while (unfinished.length - index >= Frame.PREFIX_BYTES) {
            int end = index + Frame.PREFIX_BYTES + Frame.length(unfinished, index);
            if (end > unfinished.length) {
                break;
            }
            client.link().frame(Arrays.copyOfRange(unfinished, index + Frame.PREFIX_BYTES, end));
            index = end;
        }
        unfinished = Arrays.copyOfRange(unfinished, index, unfinished.length);
    }

    /** All bytes of both directions arrive, until there are none. */
    void all() {
        channel.takesAll();
        do {
            up(Integer.MAX_VALUE);
            down(Integer.MAX_VALUE);
        } while (toServer.length > 0 || bytesToClient() > 0);
    }

    // ---- links end

    /** The link breaks, with all that is under way. */
    void isCut() {
        channel.close();
        harness.run();
        compareUp();
        toServer = new byte[0];
        toClient = new byte[0];
    }

    /** The client comes back on a new connection, whether the old one is closed or not. */
    void comesBack() {
        replaced.add(channel);
        channel = connect();
        if (client.id() == 0) { // it never heard of its session, and of what it sent nobody may know
            throw new AssertionError("has no session");
        }
        byte[] nonce = Arrays.copyOf(Bytes.numbered(connections, 4), 32);
        client.resume(this::write, nonce);
    }

    /** Everything has arrived, and was acknowledged. */
    void isWhole() {
        assertThat(arrivedUp).as("packets that arrived at the master").isEqualTo(sentUp.size());
        assertThat(client.received()).as("packets that arrived at the client").isEqualTo(sentDown.size());
        assertThat(client.acknowledged())
                .as("packets acknowledged to the client")
                .isEqualTo(sentUp.size());
        assertThat(harness.budget.heldBytes()).as("held for an idle client").isZero();
    }

    /** Lets both ends get everything and acknowledge it. */
    void heals() {
        if (!channel.isOpen()) {
            comesBack();
        }
        all();
        replaced.forEach(FakeChannel::close);
        replaced.clear();
        client.acknowledge();
        all();
        harness.advance(Duration.ofSeconds(1));
        all();
        isWhole();
    }
}
