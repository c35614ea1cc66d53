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
import java.util.function.LongFunction;
import net.voltlane.testkit.Direction;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.cuts.Cut;
import net.voltlane.testkit.cuts.CutPlace;
import net.voltlane.testkit.cuts.CutRelay;
import net.voltlane.testkit.cuts.LinkKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A firehose 3 inside TLS is cut behind every byte of a record with data, and all over the handshake, be it a full one or one
 * that resumes a TLS session, in either direction, by a reset or by a FIN. Both ends get all, and nothing twice.
 */
@Timeout(240)
@ExtendWith(LeakCheck.class)
final class TlsFirehoseCutTest {
    private static final int SERVERS = 16;
    private static final int PACKET_BYTES = 20;
    /** A record with one packet: 5 bytes before it, 13 of the packet's own, and 17 behind it. */
    private static final int RECORD_BYTES = 5 + 13 + PACKET_BYTES + 17;

    /** The places at which each direction of a handshake is cut, in each way. */
    private static final int PLACES_OF_HANDSHAKE = 38;
    /** A full handshake has at least so much more than one that resumes: a certificate, and the proof that it is the backend's. */
    private static final int CERTIFICATE_BYTES = 300;

    private record Task(Cut cut, boolean isOfNewLink) {}

    private final Queue<Task> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger handshakeCuts = new AtomicInteger();
    private final AtomicInteger recordCuts = new AtomicInteger();

    private void planRecords() {
        for (Direction direction : Direction.values()) {
            for (Cut.How how : Cut.How.values()) {
                for (int bytes = 1 + how.ordinal(); bytes <= RECORD_BYTES; bytes += 2) { // one of both, in turn
                    tasks.add(new Task(new Cut(direction, LinkKind.RECORD_OF_DATA, bytes, how), false));
                }
            }
        }
    }

    /** Plans cuts from the first byte of a handshake to the last: as many, whatever the JVM sends in one. */
    private void planHandshakes(TlsHandshakeMeter handshake) {
        for (Direction direction : Direction.values()) {
            for (Cut.How how : Cut.How.values()) {
                int last = handshake.bytes(direction) - 1;
                for (int place = 0; place < PLACES_OF_HANDSHAKE; place++) {
                    int bytes = 1 + last * place / (PLACES_OF_HANDSHAKE - 1);
                    tasks.add(new Task(Cut.behind(direction, bytes, how), true));
                }
            }
        }
    }

    private static CutStage resuming(long seed) {
        return new CutStage(CutBackend.Kind.SDK_TLS, seed);
    }

    /** Measures a handshake like those that are cut: the link before it was up, so that its ticket can resume the session. */
    private static TlsHandshakeMeter measured(LongFunction<CutStage> stages) {
        TlsHandshakeMeter meter = new TlsHandshakeMeter();
        try (CutStage stage = stages.apply(SERVERS + 1)) {
            CutPlayer player = stage.player();
            stage.settle("the player is there");
            stage.firehose().watch(meter);
            stage.firehose().reset();
            stage.run("a handshake", meter::isDone);
            player.send(PACKET_BYTES);
            stage.settle("the packet is there");
        }
        return meter;
    }

    @Test
    void nothingIsLostAndNothingComesTwiceWhereverTlsIsCut() throws Exception {
        planRecords();
        planHandshakes(measured(TlsFirehoseCutTest::resuming));
        cutAll(TlsFirehoseCutTest::resuming);
    }

    @Test
    void norWhereverAFullHandshakeIsCut() throws Exception {
        TlsHandshakeMeter full = measured(CutStage::withFullHandshakes);
        assertThat(full.bytes(Direction.BACK))
                .isGreaterThan(measured(TlsFirehoseCutTest::resuming).bytes(Direction.BACK) + CERTIFICATE_BYTES);
        planHandshakes(full);
        cutAll(CutStage::withFullHandshakes);
    }

    private void cutAll(LongFunction<CutStage> stages) throws Exception {
        int plannedOfHandshakes =
                (int) tasks.stream().filter(task -> task.isOfNewLink).count();
        int plannedOfRecords = tasks.size() - plannedOfHandshakes;
        ExecutorService threads = Executors.newFixedThreadPool(SERVERS);
        try {
            List<Callable<Void>> workers = new ArrayList<>();
            for (int i = 1; i <= SERVERS; i++) {
                int seed = i;
                workers.add(() -> work(stages.apply(seed)));
            }
            for (Future<Void> done : threads.invokeAll(workers)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(handshakeCuts).hasValue(plannedOfHandshakes);
        assertThat(recordCuts).hasValue(plannedOfRecords);
    }

    private Void work(CutStage fresh) {
        try (CutStage stage = fresh) {
            CutPlayer player = stage.player();
            stage.settle("the player is there");
            for (Task task = tasks.poll(); task != null; task = tasks.poll()) {
                make(task, stage, player);
                (task.isOfNewLink ? handshakeCuts : recordCuts).incrementAndGet();
            }
        }
        return null;
    }

    /** Makes one cut, and has both ends come to rest on one link, on which the next cut can be made. */
    private static void make(Task task, CutStage stage, CutPlayer player) {
        CutRelay firehose = stage.firehose();
        int before = firehose.cuts().size();
        if (task.isOfNewLink) {
            firehose.cutNext(task.cut);
            firehose.reset();
        } else {
            firehose.cut(task.cut);
        }
        player.send(PACKET_BYTES);
        stage.run("the cut is made: " + task, () -> firehose.cuts().size() > before);
        stage.settle("both ends have got all, after " + task);
        player.send(PACKET_BYTES); // a cut behind the last byte is noticed later than its packet arrives
        stage.settle("a later link is up, after " + task);
        stage.run("the cut link has ended: " + task, () -> firehose.liveLinks() == 1);
        assertThat(firehose.cuts()).as("%s", task).hasSize(before + 1);
        CutPlace place = firehose.cuts().get(before);
        assertThat(place.direction()).isEqualTo(task.cut.direction());
        if (!task.isOfNewLink) {
            assertThat(place.type()).isEqualTo(LinkKind.RECORD_OF_DATA);
            assertThat(place.offset()).isEqualTo(task.cut.bytes());
        }
    }
}
