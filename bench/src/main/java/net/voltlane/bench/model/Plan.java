package net.voltlane.bench.model;

/**
 * The plan of a run.
 *
 * @param scenario what is measured
 * @param load how much of it
 * @param timing for how long
 * @param generator how the load is made
 * @param target of whom
 */
public record Plan(Scenario scenario, Load load, Timing timing, Generator generator, Target target) {

    /** Checks that the parts fit together. */
    public Plan {
        if (scenario.needsOwnBackend() && target.server() != null && target.backend() == null) {
            throw new InvalidPlanException(
                    "server",
                    target.via().text(Target.text(target.server())),
                    "--backend HOST:PORT with it, since in " + scenario.word()
                            + " the bench itself is the backend: have the server's master.address point there");
        }
        if (scenario == Scenario.TLS_STORM
                && target.server() != null
                && !target.via().kind().isSecure()) {
            throw new InvalidPlanException(
                    "server",
                    target.via().text(Target.text(target.server())),
                    "an address that begins with tls:// or wss:// for " + scenario.word());
        }
        if (target.via().resumes() && (!target.via().kind().isSecure() || scenario != Scenario.CONNECT_STORM)) {
            throw new InvalidPlanException(
                    "tls-resumed", "true", "with connect-storm, and a server with tls:// or wss://");
        }
        if ((scenario == Scenario.FAN_OUT || scenario == Scenario.STALLED) && !load.isOpenLoop()) {
            throw new InvalidPlanException("rate", 0, "at least 1 for " + scenario.word());
        }
        if (scenario != Scenario.ECHO && load.depth() != 1) {
            throw new InvalidPlanException("depth", load.depth(), "1 for " + scenario.word() + ", only echo has depth");
        }
        if (!scenario.isStorm() && load.rounds() != 0) {
            throw new InvalidPlanException(
                    "rounds", load.rounds(), "none for " + scenario.word() + ", only for storms");
        }
        if ((scenario.isStorm() || scenario == Scenario.IDLE) && load.isOpenLoop()) {
            throw new InvalidPlanException("rate", load.ratePerSecond(), "none for " + scenario.word());
        }
        if (load.isOpenLoop() && load.depth() != 1) {
            throw new InvalidPlanException("depth", load.depth(), "either --depth (closed loop) or --rate (open loop)");
        }
    }

    /** The default plan of a scenario. */
    public static Plan of(Scenario scenario) {
        return new Plan(
                scenario, Load.defaults(scenario), Timing.defaults(scenario), Generator.DEFAULT, Target.STARTED);
    }
}
