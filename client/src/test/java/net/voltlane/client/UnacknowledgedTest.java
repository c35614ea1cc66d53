package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.voltlane.client.SendStore.Packet;
import net.voltlane.client.SendStore.Unsettled;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UnacknowledgedTest {

    private static final QueueBounds BOUNDS = new QueueBounds(100, 10_000);

    private final Unacknowledged packets = new Unacknowledged(BOUNDS);

    private static Packet packet(int number, int bytes) {
        return new Packet(Frame.of(Bytes.numbered(number, bytes)), null);
    }

    private void add(int from, int to) {
        for (int number = from; number <= to; number++) {
            packets.add(packet(number, 8));
        }
    }

    private byte[] fill(int batchBytes) {
        ByteBuffer batch = ByteBuffer.allocate(batchBytes);
        packets.fillRest(batch);
        packets.fill(batch, Integer.MAX_VALUE);
        byte[] filled = new byte[batch.flip().remaining()];
        batch.get(filled);
        return filled;
    }

    @Test
    void aFrameIsItsLengthTheTypeAndThePayload() {
        packets.add(new Packet(Frame.of(Bytes.utf8("hello")), null));
        packets.add(new Packet(Frame.of(new byte[0]), null));
        assertThat(fill(100)).isEqualTo(Bytes.hex("060000000068656c6c6f" + "0100000000"));
        assertThat(packets.mayFill()).isFalse();
    }

    @Test
    void aFrameThatDoesNotFitGoesOnInTheNextBatch() {
        packets.add(new Packet(Frame.of(Bytes.utf8("hello")), null));
        assertThat(fill(7)).isEqualTo(Bytes.hex("06000000006865"));
        assertThat(packets.isBegun()).isTrue();
        assertThat(fill(7)).isEqualTo(Bytes.utf8("llo"));
        assertThat(packets.isBegun()).isFalse();
    }

    @Test
    void aBatchWithoutRoomForAHeaderTakesNothing() {
        add(1, 1);
        assertThat(fill(4)).isEmpty();
        assertThat(packets.counts()).isEqualTo(new SendCounts(1, 0, 0));
        assertThat(fill(5)).hasSize(5);
        assertThat(packets.counts()).isEqualTo(new SendCounts(1, 0, 1));
    }

    @ParameterizedTest
    @CsvSource({"0, true", "1, true", "2, true", "3, false", "9007199254740991, false"})
    void onlyWhatWasSentMayBeAcknowledged(long count, boolean allowed) {
        add(1, 3);
        fill(26); // two frames of 13 bytes
        assertThat(packets.acknowledge(count) != null).isEqualTo(allowed);
    }

    @Test
    void aFrameThatIsNotWhollySentMayNotBeAcknowledged() {
        add(1, 1);
        fill(12);
        assertThat(packets.acknowledge(1)).isNull();
        fill(1);
        assertThat(packets.acknowledge(1)).hasSize(1);
    }

    @Test
    void anAcknowledgementMayBeRepeatedButNotGoBack() {
        add(1, 3);
        fill(100);
        assertThat(packets.acknowledge(2)).hasSize(2);
        assertThat(packets.acknowledge(2)).isEmpty();
        assertThat(packets.acknowledge(1)).isNull();
        assertThat(packets.counts()).isEqualTo(new SendCounts(3, 2, 3));
        assertThat(packets.packets()).isOne();
        assertThat(packets.bytes()).isEqualTo(8);
    }

    @Test
    void noMoreIsSentThanTheBoundsAllowWithoutAnAcknowledgement() {
        Unacknowledged few = new Unacknowledged(new QueueBounds(2, 100));
        for (int i = 1; i <= 3; i++) {
            few.add(packet(i, 8));
        }
        ByteBuffer batch = ByteBuffer.allocate(1000);
        few.fill(batch, Integer.MAX_VALUE);
        assertThat(few.counts().everSent()).isEqualTo(2);
        assertThat(few.mayFill()).isFalse();
        few.acknowledge(1);
        assertThat(few.mayFill()).isTrue();
    }

    @Test
    void whatIsKnownDependsOnHowFarThePacketCame() {
        add(1, 4);
        fill(39);
        packets.resumed(1);
        fill(13);
        List<PacketFate> fates =
                packets.unsettled().stream().map(Unsettled::fate).toList();
        assertThat(fates)
                .containsExactly(PacketFate.AT_SERVER, PacketFate.UNKNOWN, PacketFate.UNKNOWN, PacketFate.NOT_SENT);
        assertThat(packets.clear()).hasSize(4);
        assertThat(packets.packets()).isZero();
        assertThat(packets.bytes()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1, true", "2, true", "3, true", "4, false"})
    void aServersCountHasToFit(long accepted, boolean fits) {
        add(1, 4);
        fill(39);
        packets.acknowledge(1);
        assertThat(packets.counts().fit(accepted)).isEqualTo(fits);
    }

    /** Plays a client and a server over links that break anywhere: each packet arrives once, in order. */
    @Test
    void nothingIsLostAndNothingComesTwice() {
        Seeds.run(seed -> {
            for (int round = 0; round < 300; round++) {
                play(new Random(seed + round), "round " + round);
            }
        });
    }

    private static void play(Random random, String round) {
        Unacknowledged client = new Unacknowledged(new QueueBounds(1 + random.nextInt(20), 1 + random.nextInt(500)));
        Server server = new Server();
        int added = 0;
        int dropped = 0;
        for (int step = 0; step < 200; step++) {
            switch (random.nextInt(6)) {
                case 0, 1 -> client.add(packet(added++, 4 + random.nextInt(40)));
                case 2 -> {
                    ByteBuffer batch = ByteBuffer.allocate(1 + random.nextInt(60));
                    client.fillRest(batch);
                    client.fill(batch, 1 + random.nextInt(3));
                    server.onItsWay.put(batch.flip());
                }
                case 3 -> server.read(random.nextInt(100));
                case 4 -> {
                    server.acknowledged += random.nextInt((int) (server.got.size() - server.acknowledged) + 1);
                    assertThat(client.acknowledge(server.acknowledged))
                            .as(round)
                            .isNotNull();
                }
                default -> {
                    if (random.nextInt(3) == 0) {
                        client.detached();
                        if (random.nextBoolean()) {
                            client = restarted(client);
                        }
                        server.linkLost();
                        assertThat(client.counts().fit(server.got.size()))
                                .as(round)
                                .isTrue();
                        client.resumed(server.got.size());
                    } else if (random.nextInt(8) == 0 && client.dropOldest() != null) {
                        dropped++;
                    }
                }
            }
        }
        while (client.packets() > 0) {
            ByteBuffer batch = ByteBuffer.allocate(200);
            client.fillRest(batch);
            client.fill(batch, Integer.MAX_VALUE);
            server.onItsWay.put(batch.flip());
            server.read(Integer.MAX_VALUE);
            assertThat(client.acknowledge(server.got.size())).as(round).isNotNull();
        }
        assertThat(server.got).as(round).hasSize(added - dropped).isSorted().doesNotHaveDuplicates();
        assertThat(client.bytes()).as(round).isZero();
    }

    /** The client's process is replaced by another one, which has its exported state. */
    private static Unacknowledged restarted(Unacknowledged client) {
        return new Unacknowledged(BOUNDS, client.counts(), client.frames());
    }

    /** A server that reads what is on its way, and counts whole frames only. */
    private static final class Server {
        final ByteBuffer onItsWay = ByteBuffer.allocate(100_000);
        final List<Integer> got = new ArrayList<>();
        long acknowledged;
        private byte[] unread = {};

        void read(int most) {
            onItsWay.flip();
            byte[] bytes = new byte[Math.min(most, onItsWay.remaining())];
            onItsWay.get(bytes);
            onItsWay.compact();
            unread = Bytes.concat(unread, bytes);
            ByteBuffer in = ByteBuffer.wrap(unread);
            while (in.remaining() >= Frame.PREFIX_BYTES
                    && in.remaining() - Frame.PREFIX_BYTES >= Frame.length(unread, in.position())) {
                byte[] payload = new byte[Frame.length(unread, in.position())];
                in.position(in.position() + Frame.PREFIX_BYTES).get(payload);
                assertThat(payload[0]).isZero();
                got.add(Bytes.number(Arrays.copyOfRange(payload, 1, payload.length)));
            }
            unread = Arrays.copyOfRange(unread, in.position(), unread.length);
        }

        void linkLost() {
            onItsWay.clear();
            unread = new byte[0];
        }
    }
}
