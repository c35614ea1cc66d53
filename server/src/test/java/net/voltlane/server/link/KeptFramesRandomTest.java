package net.voltlane.server.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Kept frames beside a model that is a list, through thousands of random steps. */
@ExtendWith(LeakCheck.class)
final class KeptFramesRandomTest {
    private static final int STEPS = 2_000;

    private final MemoryBudget budget = new MemoryBudget(Long.MAX_VALUE);

    private record ModelFrame(byte[] bytes, boolean counts) {}

    @Test
    void theyAreWhatTheModelSays() {
        long first = Long.getLong("voltlane.seed", System.nanoTime());
        for (long seed = first; seed < first + 10; seed++) {
            try {
                new Run(new Random(seed)).steps();
            } catch (AssertionError e) {
                throw new AssertionError("-Dvoltlane.seed=" + seed, e);
            }
            assertThat(budget.heldBytes()).isZero();
        }
    }

    private final class Run {
        private final Random random;
        private KeptFrames kept;
        private final List<ModelFrame> model = new ArrayList<>();
        private long first = 1;
        private int made;

        Run(Random random) {
            this.random = random;
            kept = new KeptFrames(ByteBufAllocator.DEFAULT, budget, first);
        }

        void steps() {
            for (int i = 0; i < STEPS; i++) {
                step();
                if (i % 4 == 0) {
                    check();
                }
            }
            kept.release();
        }

        private void step() {
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> append(1);
                case 3, 4 -> append(1 + random.nextInt(20));
                case 5 -> {
                    byte[] frame = frame();
                    kept.room(frame.length).writeBytes(frame);
                    model.add(new ModelFrame(frame, true));
                }
                case 6, 7 -> trim(random.nextInt(model.size() + 1));
                case 8 -> trim(random.nextInt(20) == 0 ? model.size() : Math.min(3, model.size()));
                case 9 -> handOver();
                case 10 -> {
                    kept.excuse();
                    model.replaceAll(frame -> new ModelFrame(frame.bytes(), false));
                }
                case 11 -> {
                    if (random.nextInt(50) == 0) {
                        first += model.size();
                        model.clear();
                        kept.release();
                    }
                }
                default -> throw new AssertionError();
            }
        }

        private byte[] frame() {
            int payloadBytes = random.nextInt(400) == 0 ? random.nextInt(100_000) : random.nextInt(200);
            return Bufs.frame(made++, payloadBytes);
        }

        private void append(int frames) {
            byte[][] all = new byte[frames][];
            for (int i = 0; i < frames; i++) {
                all[i] = frame();
                model.add(new ModelFrame(all[i], true));
            }
            ByteBuf run = Bufs.buf(all);
            kept.append(run, 0, run.readableBytes());
            run.setZero(0, run.capacity()).release();
        }

        private void trim(int frames) {
            model.subList(0, frames).clear();
            first += frames;
            kept.trim(first - 1);
        }

        /** A detach and a resume: chunks go to another object, in front of what has come there meanwhile. */
        private void handOver() {
            long excused = kept.excusedPackets();
            long next = kept.next();
            List<ByteBuf> chunks = kept.takeChunks();
            KeptFrames other = new KeptFrames(ByteBufAllocator.DEFAULT, budget, next);
            kept = other;
            if (random.nextBoolean()) {
                append(1 + random.nextInt(3));
            }
            other.prepend(chunks);
            other.excuseFirst(excused);
        }

        private void check() {
            List<byte[]> content = new ArrayList<>();
            for (ByteBuf chunk : kept.chunks()) {
                assertThat(chunk.isReadable()).as("a chunk without frames").isTrue();
                content.add(Bufs.bytes(chunk, chunk.readerIndex(), chunk.readableBytes()));
            }
            assertThat(Bytes.concat(content.toArray(byte[][]::new)))
                    .isEqualTo(
                            Bytes.concat(model.stream().map(ModelFrame::bytes).toArray(byte[][]::new)));
            assertThat(kept.first()).isEqualTo(first);
            assertThat(kept.packets()).isEqualTo(model.size());
            assertThat(kept.next()).isEqualTo(first + model.size());
            assertThat(kept.bytes())
                    .isEqualTo(model.stream().mapToLong(it -> it.bytes().length).sum());
            assertThat(kept.chargedBytes()).isEqualTo(budget.heldBytes()).isGreaterThanOrEqualTo(kept.bytes());
            checkBounds();
        }

        private void checkBounds() {
            long packets = model.stream().filter(ModelFrame::counts).count();
            long bytes = model.stream()
                    .filter(ModelFrame::counts)
                    .mapToLong(it -> it.bytes().length)
                    .sum();
            assertThat(kept.exceed(new QueueBounds(packets, bytes))).isFalse();
            if (packets > 1) {
                assertThat(kept.exceed(new QueueBounds(packets - 1, bytes))).isTrue();
                assertThat(kept.exceed(new QueueBounds(packets, bytes - 1))).isTrue();
            }
        }
    }
}
