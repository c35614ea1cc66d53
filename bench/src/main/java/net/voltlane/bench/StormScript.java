package net.voltlane.bench;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.voltlane.bench.load.Step;
import net.voltlane.bench.model.Figure.Unit;
import net.voltlane.bench.model.Scenario;
import net.voltlane.bench.model.Timing;
import net.voltlane.protocol.Limits;

/**
 * Rounds in which all clients come at once: with new sessions, or back to those that they have. Only the time in which
 * they come counts for the rate, not the cutting in between. The warm-up ends with a round.
 */
final class StormScript implements Script {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Scenario scenario;
    private final boolean resume;

    StormScript(Scenario scenario) {
        this.scenario = scenario;
        resume = scenario == Scenario.RESUME_STORM;
    }

    @Override
    public void play(Stage stage) throws BenchException, InterruptedException {
        Timing timing = stage.plan().timing();
        Recorder recorder = stage.recorder();
        if (resume) {
            stage.open(Step.OPEN_AND_SPEAK);
        } else {
            String what = scenario == Scenario.TLS_STORM ? "links" : "sessions";
            stage.figure(what, what + " a round", stage.plan().load().clients(), Unit.COUNT);
        }
        recorder.begin(resume ? "resume" : "handshake");
        recorder.busy(false);
        long warm = System.nanoTime() + timing.warmup().toNanos();
        while (System.nanoTime() < warm) {
            round(stage, Long.MAX_VALUE);
        }
        recorder.measure();
        long resumedBefore = stage.fleet().opening().resumed();
        int rounds = play(stage, System.nanoTime() + timing.duration().toNanos());
        recorder.finish();
        stage.fleet().cutAll();
        stage.figure("rounds", "rounds", rounds, Unit.COUNT);
        stage.commonFigures(resume ? "resumes" : "handshakes");
        if (stage.plan().target().via().kind().isSecure() && resumedBefore >= 0) {
            long resumed = stage.fleet().opening().resumed() - resumedBefore;
            stage.figure(
                    "tls_resumed", "resumed by TLS", resumed, Unit.COUNT, "all others were full handshakes of TLS");
        }
        stage.notes().add(note(stage.plan().generator().protocol() == Limits.PROTOCOL_VERSION_3));
    }

    private String note(boolean is3) {
        if (scenario == Scenario.TLS_STORM) {
            return "Timed from the connecting to the end of TLS's handshake"
                    + "; then each client ended TLS, and with the end of the server's connection the next one began.";
        }
        if (!resume) {
            return "Timed from the connecting to the " + (is3 ? "Opened." : "ClientId.");
        }
        return "Timed from the connecting to the " + (is3 ? "Resumed" : "Ping")
                + "; then each session had a message echoed, under the id that it had before, and with that the next one"
                + " began.";
    }

    /** Plays what counts, and says how many rounds it took. */
    private int play(Stage stage, long end) throws BenchException, InterruptedException {
        int wanted = stage.plan().load().rounds();
        int rounds = 0;
        while (wanted > 0 ? rounds < wanted : System.nanoTime() < end) {
            round(stage, wanted > 0 ? Long.MAX_VALUE : end);
            rounds++;
        }
        return rounds;
    }

    private Step step() {
        return switch (scenario) {
            case TLS_STORM -> Step.TLS;
            case RESUME_STORM -> Step.RESUME_AND_SPEAK;
            default -> Step.OPEN;
        };
    }

    private void round(Stage stage, long end) throws BenchException, InterruptedException {
        Recorder recorder = stage.recorder();
        stage.fleet().cutAll();
        recorder.busy(true);
        CompletableFuture<Integer> roll = stage.fleet().roll(step(), true);
        long patience = System.nanoTime() + PATIENCE_NANOS;
        boolean over = recorder.await(roll, Math.min(end, patience));
        if (!over) {
            stage.fleet().stop();
            over = recorder.await(roll, System.nanoTime() + PATIENCE_NANOS);
        }
        recorder.busy(false);
        if (!over) {
            throw new BenchException("no answer for "
                    + TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS) + " s: "
                    + stage.fleet().ready() + " of " + stage.plan().load().clients() + " clients are connected");
        }
    }
}
