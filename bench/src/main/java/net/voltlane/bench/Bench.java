package net.voltlane.bench;

import net.voltlane.bench.model.Plan;
import net.voltlane.bench.model.Result;

/** The way in: one run, from the start of what is missing to its result. */
public final class Bench {

    private Bench() {}

    /**
     * Runs it, on this thread and the few that it starts, and ends all that it has started.
     *
     * @param launcher starts the server if the plan names none
     * @param progress hears of it meanwhile
     * @throws BenchException if it could not take place or was broken off; faults of single messages are in the result
     */
    public static Result run(Plan plan, ServerLauncher launcher, Progress progress)
            throws BenchException, InterruptedException {
        try (Stage stage = Stage.set(plan, launcher, progress)) {
            script(plan).play(stage);
            return new Result(
                    plan,
                    stage.surroundings(),
                    stage.figures(),
                    stage.recorder().distributions(),
                    stage.recorder().moments(),
                    stage.faults(),
                    stage.notes());
        }
    }

    private static Script script(Plan plan) {
        return switch (plan.scenario()) {
            case ECHO -> new EchoScript();
            case FAN_OUT -> new FanOutScript();
            case CONNECT_STORM, RESUME_STORM, TLS_STORM -> new StormScript(plan.scenario());
            case IDLE -> new IdleScript();
            case STALLED -> new StalledScript();
        };
    }
}
