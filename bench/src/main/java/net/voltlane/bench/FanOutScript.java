package net.voltlane.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import net.voltlane.bench.firehose.Broadcast;
import net.voltlane.bench.load.Schedule;
import net.voltlane.bench.load.Step;
import net.voltlane.bench.model.Figure.Unit;
import net.voltlane.bench.model.Load;

/** The backend's messages, each to everyone. */
final class FanOutScript implements Script {

    private static final long LEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    @Override
    public void play(Stage stage) throws BenchException, InterruptedException {
        Load load = stage.plan().load();
        stage.open(Step.OPEN_AND_SPEAK); // the backend learns who is who
        Schedule schedule = new Schedule(System.nanoTime() + LEAD_NANOS, load.ratePerSecond());
        stage.fleet().listen(schedule);
        Broadcast broadcast = new Broadcast(schedule, stage.payload(), stage.ids(), 0, load.clients());
        stage.backend().send(broadcast);
        stage.watchOver("fan-out");
        stage.backend().stopSending();
        long end = System.nanoTime();
        while (stage.fleet().passed() < broadcast.written() && System.nanoTime() - end < DRAIN_NANOS) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        stage.recorder().addLate();
        stage.lost(broadcast.written() - stage.fleet().passed());
        stage.figure("messages", "messages of the backend", broadcast.next(), Unit.COUNT, "with the warm-up");
        countUnsent(stage, schedule, broadcast, end);
        stage.commonFigures("deliveries");
    }

    private static void countUnsent(Stage stage, Schedule schedule, Broadcast broadcast, long end) {
        int clients = stage.plan().load().clients();
        long unsent = schedule.dueBy(end) * clients - broadcast.written();
        // Up to one whole message may be due since the last tick.
        if (unsent > clients) {
            for (long message = broadcast.next(); message < schedule.dueBy(end); message++) {
                stage.recorder().addUnsent(end - schedule.dueNanos(message), clients);
            }
            stage.unsent(unsent);
        }
    }
}
