package net.voltlane.backend;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.Test;

class UndeliveredPacketsTest {
    private static final BackendOptions OPTIONS = BackendOptions.DEFAULT;

    private static List<byte[]> content(UndeliveredPackets packets) {
        List<byte[]> content = new ArrayList<>();
        packets.forEach((bytes, offset, length) -> {
            content.add(Arrays.copyOfRange(bytes, offset, offset + length));
            return content.size();
        });
        return content;
    }

    @Test
    void theyAreKeptInOrderWhateverComesAndGoes() {
        Seeds.run(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            UndeliveredBudget budget = new UndeliveredBudget(OPTIONS);
            UndeliveredPackets packets = new UndeliveredPackets(budget);
            ArrayDeque<byte[]> model = new ArrayDeque<>();
            for (int step = 0; step < 5_000; step++) {
                if (random.nextInt(5) < 3) {
                    byte[] data = Bytes.numbered(step, 4 + random.nextInt(random.nextInt(20) == 0 ? 5_000 : 60));
                    model.add(data);
                    if (random.nextBoolean()) {
                        packets.add(data, 0, data.length, step);
                    } else {
                        packets.add(ByteBuffer.wrap(data), step);
                    }
                } else {
                    int count = random.nextInt(model.size() + 1);
                    packets.keepLast(count);
                    while (model.size() > count) {
                        model.remove();
                    }
                }
                assertThat(packets.size()).isEqualTo(model.size());
                if (step % 100 == 0) {
                    assertThat(content(packets))
                            .usingElementComparator(Arrays::compare)
                            .containsExactlyElementsOf(model);
                }
            }
            packets.clear();
            assertThat(budget.held()).isZero();
        });
    }

    @Test
    void atABoundAllCopiesAreDropped() {
        UndeliveredBudget budget = new UndeliveredBudget(OPTIONS.withUndeliveredPacketsPerSession(3));
        UndeliveredPackets packets = new UndeliveredPackets(budget);
        for (int packet = 0; packet < 3; packet++) {
            packets.add(new byte[10], 0, 10, 1);
        }
        assertThat(packets.size()).isEqualTo(3);
        packets.add(new byte[10], 0, 10, 1);
        assertThat(packets.size()).isZero();
        assertThat(budget.held()).isZero();
        packets.add(new byte[10], 0, 10, 1);
        assertThat(packets.size()).isEqualTo(1);

        UndeliveredPackets small =
                new UndeliveredPackets(new UndeliveredBudget(OPTIONS.withUndeliveredBytesPerSession(44)));
        small.add(new byte[10], 0, 10, 1);
        small.add(new byte[10], 0, 10, 1);
        assertThat(small.size()).isEqualTo(2);
        small.add(new byte[0], 0, 0, 1);
        assertThat(small.size()).isZero();
        small.add(new byte[33], 0, 33, 1);
        assertThat(small.size()).as("longer than the bound").isZero();
    }

    @Test
    void someMemoryIsLeftForOthersHoweverMuchOneKeeps() {
        UndeliveredBudget budget = new UndeliveredBudget(OPTIONS.withUndeliveredBytes(1 << 20));
        for (int hog = 0; hog < 50; hog++) {
            UndeliveredPackets packets = new UndeliveredPackets(budget);
            int before = -1;
            while (packets.size() > before) {
                before = packets.size();
                packets.add(new byte[1000], 0, 1000, 1);
            }
        }
        assertThat(budget.held()).isLessThanOrEqualTo(1 << 20);
        UndeliveredPackets modest = new UndeliveredPackets(budget);
        modest.add(new byte[100], 0, 100, 1);
        assertThat(modest.size()).isEqualTo(1);
    }

    @Test
    void theBoundOfAllHolds() {
        UndeliveredBudget budget = new UndeliveredBudget(OPTIONS.withUndeliveredBytes(1000));
        List<UndeliveredPackets> all = new ArrayList<>();
        for (int session = 0; session < 10; session++) {
            UndeliveredPackets packets = new UndeliveredPackets(budget);
            packets.add(new byte[10], 0, 10, 1);
            all.add(packets);
        }
        assertThat(budget.held()).isEqualTo(3 * 256);
        assertThat(all.stream().filter(packets -> packets.size() == 1)).hasSize(3);
        all.get(0).keepLast(0);
        assertThat(budget.held()).as("a small session keeps its memory").isEqualTo(3 * 256);
        all.get(0).clear();
        assertThat(budget.held()).isEqualTo(2 * 256);
    }

    @Test
    void packetsThatWereNotSentAreCounted() {
        UndeliveredPackets packets = new UndeliveredPackets(new UndeliveredBudget(OPTIONS));
        for (int number = 1; number <= 5; number++) {
            packets.add(new byte[10], 0, 10, 10L * number);
        }
        packets.add(new byte[10], 0, 10, UndeliveredPackets.UNSENT);
        assertThat(packets.countUnsent(0, 6)).isEqualTo(6);
        assertThat(packets.countUnsent(30, 6)).isEqualTo(3);
        assertThat(packets.countUnsent(30, 2)).as("of another pair").isEqualTo(2);
        assertThat(packets.countUnsent(100, 6)).isEqualTo(1);
    }

    /** Once the memory is there, a packet costs none: clients that acknowledge in time never let it grow. */
    @Test
    void packetsThatComeAndGoLeaveNoGarbage() {
        UndeliveredPackets packets = new UndeliveredPackets(new UndeliveredBudget(OPTIONS));
        byte[] data = new byte[100];
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = Long.MAX_VALUE;
        for (int round = 0; round < 20; round++) { // the compiler allocates at first
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int packet = 0; packet < 10_000; packet++) {
                packets.add(data, 0, data.length, packet);
                packets.keepLast(packet % 64 == 0 ? 10 : 100);
            }
            bytes = Math.min(bytes, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(bytes).as("bytes of garbage from 10 000 packets").isLessThan(1_000);
        assertThat(packets.size()).isGreaterThan(10);
    }
}
