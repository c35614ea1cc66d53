package net.voltlane.bench;

import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import net.voltlane.bench.load.Step;
import net.voltlane.bench.model.Figure.Unit;

/** Plays clients that are connected and send nothing. */
final class IdleScript implements Script {

    @Override
    public void play(Stage stage) throws BenchException, InterruptedException {
        Recorder recorder = stage.recorder();
        int clients = stage.plan().load().clients();
        OptionalLong before = stage.watch().residentBytes();
        recorder.begin("handshake");
        recorder.measure();
        CompletableFuture<Integer> roll = stage.fleet().roll(Step.OPEN_AND_SPEAK, true);
        stage.await(roll, "to open");
        recorder.busy(false);
        recorder.until(System.nanoTime() + stage.plan().timing().duration().toNanos());
        recorder.finish();
        OptionalLong after = stage.watch().residentBytes();
        long still = stage.fleet().ready();
        stage.figure("sessions", "sessions", clients, Unit.COUNT);
        stage.figure("still_connected", "still connected", still, Unit.COUNT, "at the end, each with one more echo");
        stage.commonFigures("handshakes");
        if (before.isPresent() && after.isPresent()) {
            double each = (double) (after.getAsLong() - before.getAsLong()) / clients;
            stage.figure("server_bytes_per_client", "memory per client", each, Unit.BYTES, "growth since the start");
        }
        stage.await(stage.fleet().roll(Step.SPEAK, false), "to speak again under");
        recorder.addFaults();
    }
}
