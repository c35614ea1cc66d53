package net.voltlane.bench;

import net.voltlane.bench.load.Schedule;
import net.voltlane.bench.load.Step;
import net.voltlane.bench.model.Load;

/** Messages there and back. */
final class EchoScript implements Script {

    private static final String PHASE = "echo";

    @Override
    public void play(Stage stage) throws BenchException, InterruptedException {
        Load load = stage.plan().load();
        stage.open(Step.OPEN);
        if (load.isOpenLoop()) {
            stage.fleet().openLoop(new Schedule(System.nanoTime(), load.ratePerSecond()));
        } else {
            stage.fleet().closedLoop();
        }
        stage.watchOver(PHASE);
        stage.settle();
        countUnsent(stage);
        stage.commonFigures("echoes");
    }

    /** In the open loop. */
    static void countUnsent(Stage stage) throws InterruptedException {
        long unsent = stage.fleet().countUnsent();
        if (unsent > 0) {
            stage.recorder().addUnsent();
            stage.unsent(unsent);
        }
    }
}
