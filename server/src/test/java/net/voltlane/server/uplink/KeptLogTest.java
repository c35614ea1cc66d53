package net.voltlane.server.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Tag;
import net.voltlane.server.link.Bufs;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.link.ManualLoop;
import net.voltlane.server.link.SendQueue;
import net.voltlane.server.link.TcpTransport;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.ManualClock;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
final class KeptLogTest {
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private long charged;
    private final KeptLog log = new KeptLog(allocator, bytes -> charged += bytes);
    private final FakeChannel channel = FakeChannel.connected(new ManualLoop(new ManualClock()));
    private final SendQueue queue =
            new SendQueue(channel, TcpTransport.INSTANCE, allocator, (buf, index) -> false, bytes -> {}, () -> {});

    @AfterEach
    void close() {
        queue.release();
        log.release();
        channel.close();
        assertThat(charged).as("charged in the end").isZero();
    }

    private static byte[] frame(long id, int number, int length) {
        return Tag.frame(id, Flag.DATA, Bufs.payload(number, length));
    }

    private void append(byte[]... frames) {
        ByteBuf buf = Bufs.buf(frames);
        log.append(buf, buf.readerIndex(), buf.readableBytes());
        buf.release();
    }

    /** Everything that is handed over now. */
    private byte[] handed() {
        while (log.hand(queue)) {
            queue.flush();
        }
        return channel.taken();
    }

    private boolean sendBehind(byte[] lead) {
        ByteBuf buf = Bufs.buf(lead);
        boolean sent = log.sendBehind(buf, queue);
        buf.release();
        return sent;
    }

    private List<Long> acknowledged(long number) {
        List<Long> ids = new ArrayList<>();
        log.acknowledged(number, (buf, index, length, n) -> ids.add(KeptLog.id(buf, index)));
        return ids;
    }

    @Test
    void packetsGetNumbersAndGoInOrder() {
        append(frame(7, 1, 5), frame(8, 2, 0));
        append(frame(9, 3, 100_000));
        assertThat(log.last()).isEqualTo(3);
        assertThat(log.bytes()).isEqualTo(3 * Tag.FRAME_HEADER_BYTES + 100_005);
        assertThat(handed()).isEqualTo(Bytes.concat(frame(7, 1, 5), frame(8, 2, 0), frame(9, 3, 100_000)));
        assertThat(handed()).isEmpty();
        assertThat(acknowledged(3)).containsExactly(7L, 8L, 9L);
        assertThat(log.isEmpty()).isTrue();
        assertThat(charged).as("an empty log holds no buffer").isZero();
    }

    @Test
    void packetsGoInOnePieceBehindAPacketOfTheLink() {
        byte[] lead = frame(0, 1, 8);
        append(frame(7, 1, 5), frame(8, 2, 6));
        assertThat(sendBehind(lead)).isTrue();
        assertThat(channel.taken()).isEqualTo(Bytes.concat(lead, frame(7, 1, 5), frame(8, 2, 6)));
        assertThat(log.canHaveReceived(2)).isTrue();
        assertThat(log.waitingBytes()).isZero();
        assertThat(handed()).as("handed over once").isEmpty();
        assertThat(sendBehind(lead)).as("nothing waits").isFalse();
        assertThat(acknowledged(2)).containsExactly(7L, 8L);
    }

    @Test
    void aLargePacketIsNotCopiedForThat() {
        append(frame(7, 1, 100_000));
        assertThat(sendBehind(frame(0, 1, 8))).isFalse();
        assertThat(channel.taken()).isEmpty();
        assertThat(handed()).isEqualTo(frame(7, 1, 100_000));
    }

    @Test
    void whatIsNotAcknowledgedGoesAgain() {
        append(frame(7, 1, 5), frame(8, 2, 6), frame(9, 3, 7));
        handed();
        assertThat(acknowledged(1)).containsExactly(7L);
        log.rewind();
        append(frame(10, 4, 8));
        assertThat(handed()).isEqualTo(Bytes.concat(frame(8, 2, 6), frame(9, 3, 7), frame(10, 4, 8)));
    }

    @Test
    void onlyWhatWasHandedOverCanHaveBeenReceived() {
        append(frame(7, 1, 5));
        assertThat(log.canHaveReceived(0)).isTrue();
        assertThat(log.canHaveReceived(1)).isFalse();
        handed();
        append(frame(7, 2, 5));
        assertThat(log.canHaveReceived(1)).isTrue();
        assertThat(log.canHaveReceived(2)).isFalse();
        acknowledged(1);
        assertThat(log.canHaveReceived(0)).as("forgotten").isFalse();
        log.rewind();
        assertThat(log.canHaveReceived(1)).isTrue();
    }

    @Test
    void whatAnEarlierLinkWasHandedCanHaveBeenReceived() {
        append(frame(7, 1, 5), frame(8, 2, 6));
        handed();
        log.rewind();
        assertThat(log.canHaveReceived(2)).isTrue();
        assertThat(acknowledged(2)).containsExactly(7L, 8L);
        append(frame(9, 3, 7));
        assertThat(handed()).isEqualTo(frame(9, 3, 7));
    }

    @Test
    void anyOrderOfCallsKeepsEveryPacketOnce() {
        Seeds.run(seed -> {
            Random random = new Random(seed);
            for (int i = 0; i < 100; i++) {
                world(random);
            }
        });
    }

    private void world(Random random) {
        KeptLog tried = new KeptLog(allocator, bytes -> charged += bytes);
        List<byte[]> all = new ArrayList<>();
        int dropped = 0;
        int cursor = 0;
        int reached = 0;
        for (int step = 0; step < 100; step++) {
            int dice = random.nextInt(20);
            if (dice < 8) {
                ByteBuf buf = Bufs.buf(more(all, random));
                tried.append(buf, 0, buf.readableBytes());
                buf.release();
            } else if (dice < 14) {
                while (random.nextInt(4) > 0 && tried.hand(queue)) {
                    queue.flush();
                }
                for (byte[] payload : Bufs.payloads(channel.taken())) {
                    assertThat(Frame.of(payload)).isEqualTo(all.get(cursor++));
                }
                reached = Math.max(reached, cursor);
            } else if (dice < 19) {
                int number = dropped + random.nextInt(reached - dropped + 1);
                List<byte[]> seen = new ArrayList<>();
                tried.acknowledged(number, (buf, index, length, n) -> seen.add(Bufs.bytes(buf, index, length)));
                assertThat(seen.toArray(new byte[0][]))
                        .isDeepEqualTo(all.subList(dropped, number).toArray(new byte[0][]));
                dropped = number;
                cursor = Math.max(cursor, dropped);
            } else {
                tried.rewind();
                cursor = dropped;
            }
            assertThat(tried.last()).isEqualTo(all.size());
            assertThat(tried.bytes()).isEqualTo(bytes(all.subList(dropped, all.size())));
            assertThat(tried.waitingBytes()).isEqualTo(bytes(all.subList(cursor, all.size())));
            assertThat(tried.mostReceived()).isEqualTo(reached);
        }
        tried.release();
    }

    private static byte[][] more(List<byte[]> all, Random random) {
        byte[][] frames = new byte[1 + random.nextInt(4)][];
        for (int i = 0; i < frames.length; i++) {
            int length = random.nextInt(10) == 0 ? random.nextInt(150_000) : random.nextInt(60);
            frames[i] = frame(1 + random.nextInt(5), all.size(), length);
            all.add(frames[i]);
        }
        return frames;
    }

    private static long bytes(List<byte[]> frames) {
        return frames.stream().mapToLong(frame -> frame.length).sum();
    }

    @Test
    void whatIsDrainedIsPassedOnAndGone() {
        append(frame(7, 1, 5), frame(8, 2, 40_000), frame(9, 3, 40_000));
        handed();
        List<Long> ids = new ArrayList<>();
        log.drain((buf, index, length, n) -> {
            ids.add(KeptLog.id(buf, index));
            assertThat(length).isEqualTo(Frame.PREFIX_BYTES + buf.getIntLE(index));
        });
        assertThat(ids).containsExactly(7L, 8L, 9L);
        assertThat(log.bytes()).isZero();
        assertThat(charged).isZero();
    }
}
