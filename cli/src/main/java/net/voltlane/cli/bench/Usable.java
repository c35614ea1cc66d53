package net.voltlane.cli.bench;

import static net.voltlane.bench.model.Scenario.CONNECT_STORM;
import static net.voltlane.bench.model.Scenario.ECHO;
import static net.voltlane.bench.model.Scenario.FAN_OUT;
import static net.voltlane.bench.model.Scenario.IDLE;
import static net.voltlane.bench.model.Scenario.RESUME_STORM;
import static net.voltlane.bench.model.Scenario.STALLED;
import static net.voltlane.bench.model.Scenario.TLS_STORM;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.voltlane.bench.model.Scenario;
import org.jspecify.annotations.Nullable;

/** The options of {@code voltlane bench} that only some scenarios use. Others would silently have no effect. */
public final class Usable {
    private static final Map<String, Set<Scenario>> SCENARIOS = Map.of(
            "--size", EnumSet.complementOf(EnumSet.of(CONNECT_STORM, TLS_STORM)),
            "--depth", EnumSet.of(ECHO),
            "--rate", EnumSet.of(ECHO, FAN_OUT, STALLED),
            "--rounds", EnumSet.of(CONNECT_STORM, RESUME_STORM, TLS_STORM),
            "--tls-resumed", EnumSet.of(CONNECT_STORM),
            "--protocol", EnumSet.complementOf(EnumSet.of(TLS_STORM)),
            "--flood", EnumSet.of(STALLED),
            "--warmup", EnumSet.complementOf(EnumSet.of(IDLE)));

    private Usable() {}

    /** Says that a scenario has no use for an option, and which have; null where it has. */
    public static @Nullable String problem(String option, Scenario scenario) {
        Set<Scenario> scenarios = SCENARIOS.get(option);
        if (scenarios == null || scenarios.contains(scenario)) {
            return null;
        }
        return scenario.word() + " has no use for it, only "
                + scenarios.stream().map(Scenario::word).collect(Collectors.joining(", "));
    }
}
