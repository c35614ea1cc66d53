package net.voltlane.systemtest.cuts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import net.voltlane.testkit.Direction;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.cuts.Cut;
import net.voltlane.testkit.cuts.LinkKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A firehose 3 inside TLS is cut behind every byte of a record with data, and all over the handshake, in either direction, by
 * a reset or by a FIN. Both ends get all, and nothing twice.
 */
@Timeout(120)
@ExtendWith(LeakCheck.class)
final class TlsFirehoseCutTest {
    private static final int SERVERS = 16;
    private static final int PACKET_BYTES = 20;
    /** A record with one packet: 5 bytes before it, 13 of the packet's own, and 17 behind it. */
    private static final int RECORD_BYTES = 5 + 13 + PACKET_BYTES + 17;
    /** More bytes than either end sends in a handshake. */
    private static final int HANDSHAKE_BYTES = 1_600;

    private static final int HANDSHAKE_STEP = 41;

    private record Task(Cut cut, boolean isOfNewLink) {}

    private final Queue<Task> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger cuts = new AtomicInteger();

    private void plan() {
        for (Direction direction : Direction.values()) {
            for (Cut.How how : Cut.How.values()) {
                for (int bytes = 1 + how.ordinal(); bytes <= RECORD_BYTES; bytes += 2) { // one of both, in turn
                    tasks.add(new Task(new Cut(direction, LinkKind.RECORD_OF_DATA, bytes, how), false));
                }
                for (int bytes = 1; bytes <= HANDSHAKE_BYTES; bytes += HANDSHAKE_STEP) {
                    tasks.add(new Task(Cut.behind(direction, bytes, how), true));
                }
            }
        }
    }

    @Test
    void nothingIsLostAndNothingComesTwiceWhereverTlsIsCut() throws Exception {
        plan();
        int planned = tasks.size();
        ExecutorService threads = Executors.newFixedThreadPool(SERVERS);
        try {
            List<Callable<Void>> workers = new ArrayList<>();
            for (int i = 1; i <= SERVERS; i++) {
                int seed = i;
                workers.add(() -> work(seed));
            }
            for (Future<Void> done : threads.invokeAll(workers)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
        // A cut behind more bytes than a handshake has, which depends on the JVM, waits for a later link, or gives way
        // to the next.
        assertThat(cuts.get()).isGreaterThan(planned * 2 / 3);
    }

    private Void work(long seed) {
        try (CutStage stage = new CutStage(CutBackend.Kind.SDK_TLS, seed)) {
            CutPlayer player = stage.player();
            stage.settle("the player is there");
            for (Task task = tasks.poll(); task != null; task = tasks.poll()) {
                if (task.isOfNewLink) {
                    stage.firehose().cutNext(task.cut);
                    stage.firehose().reset();
                } else {
                    stage.firehose().cut(task.cut);
                }
                player.send(PACKET_BYTES);
                stage.settle("both ends have got all, after " + task);
            }
            cuts.addAndGet(stage.firehose().cuts().size());
        }
        return null;
    }
}
