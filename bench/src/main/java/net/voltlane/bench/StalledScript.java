package net.voltlane.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import net.voltlane.bench.firehose.BenchBackend;
import net.voltlane.bench.firehose.Broadcast;
import net.voltlane.bench.load.Payload;
import net.voltlane.bench.load.Schedule;
import net.voltlane.bench.load.Step;
import net.voltlane.bench.model.Figure.Unit;
import net.voltlane.bench.model.Load;

/**
 * Many clients that echo by the clock, half of the time alone and half of it beside one that does not read and is sent
 * a flood. When the server ends its session, the next one comes, so that there always is one.
 */
final class StalledScript implements Script {

    private static final int FLOOD_BYTES = 1024;

    /** The clients may be gone by the time that the last ends are told. */
    private static final BiConsumer<Long, String> IGNORED = (id, reason) -> {};

    @Override
    public void play(Stage stage) throws BenchException, InterruptedException {
        Load load = stage.plan().load();
        long half = stage.plan().timing().duration().toNanos() / 2;
        Recorder recorder = stage.recorder();
        stage.open(Step.OPEN);
        stage.fleet().openLoop(new Schedule(System.nanoTime(), load.ratePerSecond()));
        warmUp(stage);
        recorder.until(System.nanoTime() + half);
        recorder.phase("during");
        stall(stage);
        recorder.until(System.nanoTime() + half);
        recorder.finish();
        List<String> ends = unstall(stage);
        stage.settle();
        EchoScript.countUnsent(stage);
        stage.figure("stalled_ended", "stalled sessions ended", ends.size(), Unit.COUNT, reasons(ends));
        stage.commonFigures("echoes");
    }

    /** Half of it with the stall: cold code must not be compared with warm code. */
    private static void warmUp(Stage stage) throws InterruptedException {
        long half = stage.plan().timing().warmup().toNanos() / 2;
        stage.recorder().begin("before");
        if (half > 0) {
            stall(stage);
            stage.recorder().until(System.nanoTime() + half);
            unstall(stage);
            stage.recorder().until(System.nanoTime() + half);
        }
        stage.recorder().measure();
    }

    private static List<String> unstall(Stage stage) throws InterruptedException {
        stage.backend().onFailure(IGNORED);
        stage.backend().stopSending();
        return stage.fleet().unstall();
    }

    private static void stall(Stage stage) throws InterruptedException {
        int stalled = stage.plan().load().clients();
        long flood = stage.plan().load().floodPerSecond();
        BenchBackend backend = stage.backend();
        Payload payload = new Payload(FLOOD_BYTES, stalled + 1);
        backend.onFailure((id, reason) -> {
            if (id == stage.ids().of(stalled)) {
                backend.stopSendingSoon();
                stage.fleet().ended(id, reason);
            }
        });
        stage.fleet()
                .stall(() -> backend.send(
                        new Broadcast(new Schedule(System.nanoTime(), flood), payload, stage.ids(), stalled, 1)));
    }

    private static String reasons(List<String> ends) {
        if (ends.isEmpty()) {
            return "the server put up with it";
        }
        Map<String, Integer> counts = new LinkedHashMap<>();
        ends.forEach(reason -> counts.merge(reason, 1, Integer::sum));
        StringBuilder text = new StringBuilder();
        counts.forEach((reason, count) -> text.append(text.isEmpty() ? "" : ", ")
                .append(reason)
                .append(counts.size() > 1 ? " (" + count + ")" : ""));
        return text.toString();
    }
}
