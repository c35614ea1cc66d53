package net.voltlane.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.util.function.UnaryOperator;
import net.voltlane.bench.model.Distribution;
import net.voltlane.bench.model.Figure;
import net.voltlane.bench.model.Load;
import net.voltlane.bench.model.Moment;
import net.voltlane.bench.model.Plan;
import net.voltlane.bench.model.Result;
import net.voltlane.bench.model.Scenario;
import net.voltlane.bench.model.Target;
import net.voltlane.bench.report.TextReport;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.Ports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every scenario, briefly, against the real server. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
class BenchTest {

    private final Runs.Heard heard = new Runs.Heard();

    private Result run(Scenario scenario, Load load, long millis) throws Exception {
        return run(scenario, load, millis, config -> config);
    }

    private Result run(Scenario scenario, Load load, long millis, UnaryOperator<ServerConfig> more) throws Exception {
        return Bench.run(Runs.plan(scenario, load, millis, Target.STARTED), Runs.inProcess(more), heard);
    }

    private Result run3(Scenario scenario, Load load, long millis, UnaryOperator<ServerConfig> more) throws Exception {
        return Bench.run(Runs.plan(scenario, load, millis, Target.STARTED, 3), Runs.inProcess(more), heard);
    }

    private static double figure(Result result, String name) {
        return result.figures().stream()
                .filter(figure -> figure.name().equals(name))
                .mapToDouble(Figure::value)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + result.figures()));
    }

    private static void assertFine(Result result) {
        assertThat(result.faults().first()).isNull();
        assertThat(result.isFine()).isTrue();
        assertThat(TextReport.table(result)).last().asString().startsWith("Nothing was lost");
    }

    private static long count(Result result, String distribution) {
        return result.distributions().stream()
                .filter(each -> each.name().equals(distribution))
                .map(Distribution::histogram)
                .findFirst()
                .orElseThrow()
                .getTotalCount();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 7, 8, 64, 40_000})
    void anEchoInTheClosedLoopComesBackWhole(int size) throws Exception {
        Result result = run(Scenario.ECHO, new Load(5, size, 3, 0, 64, 0, 1), 300);

        assertFine(result);
        assertThat(count(result, "echo")).isGreaterThanOrEqualTo(15);
        assertThat(figure(result, "sessions")).isEqualTo(5);
        assertThat(heard.moments).isNotEmpty();
        assertThat(heard.notes.get(0)).startsWith("started: a server in this process");
    }

    @Test
    void inTheOpenLoopEveryMessageThatWasDueIsCounted() throws Exception {
        Result result = run(Scenario.ECHO, new Load(7, 64, 1, 1_000, 64, 0, 1), 500);

        assertFine(result);
        // 500 are due in half a second, whatever the machine is about; more where it took longer to end.
        assertThat(count(result, "echo")).isGreaterThanOrEqualTo(490);
    }

    /** Whichever of its counts somebody reads, they are of one window, or say what they have besides. */
    @ParameterizedTest
    @ValueSource(longs = {0, 2_000})
    void allCountsOfAResultAgree(long rate) throws Exception {
        Result result = run(Scenario.ECHO, new Load(20, 64, 1, rate, 64, 0, 1), 1_100);

        long counted = (long) figure(result, "count");
        assertThat(result.moments().stream()
                        .filter(moment -> !moment.warmup())
                        .mapToLong(Moment::count)
                        .sum())
                .isEqualTo(counted)
                .isPositive();
        assertThat(count(result, "echo")).isEqualTo(counted + orZero(result, "late_count") + orZero(result, "unsent"));
        assertThat(heard.moments).isNotEmpty().allMatch(moment -> moment.atSeconds() >= 0);
        assertThat(result.surroundings().benchVersion()).matches("[0-9]+\\.[0-9]+\\.[0-9]+.*");
        assertThat(result.surroundings().serverVersion()).isEqualTo("1.2.3");
    }

    private static long orZero(Result result, String name) {
        return result.figures().stream()
                .filter(figure -> figure.name().equals(name))
                .mapToLong(figure -> (long) figure.value())
                .sum();
    }

    @Test
    void aMessageOfTheBackendReachesEveryClient() throws Exception {
        Result result = run(Scenario.FAN_OUT, new Load(6, 64, 1, 200, 64, 0, 1), 300);

        assertFine(result);
        assertThat(count(result, "fan-out")).isPositive();
        assertThat(figure(result, "messages")).isGreaterThanOrEqualTo(50);
    }

    @Test
    void aConnectStormOpensAllSessionsInEachRound() throws Exception {
        Result result = run(Scenario.CONNECT_STORM, new Load(9, 64, 1, 0, 4, 3, 1), 300);

        assertFine(result);
        assertThat(figure(result, "rounds")).isEqualTo(3);
        assertThat(figure(result, "count")).isEqualTo(27);
        assertThat(count(result, "handshake")).isEqualTo(27);
    }

    @Test
    void aResumeStormBringsAllSessionsBackInEachRound() throws Exception {
        Result result = run(Scenario.RESUME_STORM, new Load(9, 64, 1, 0, 4, 3, 1), 300);

        assertFine(result);
        assertThat(figure(result, "rounds")).isEqualTo(3);
        assertThat(count(result, "resume")).isEqualTo(27);
    }

    @Test
    void aStormCanGoByTheClock() throws Exception {
        Result result = run(Scenario.CONNECT_STORM, new Load(5, 64, 1, 0, 64, 0, 1), 200);

        assertFine(result);
        assertThat(figure(result, "rounds")).isPositive();
    }

    @Test
    void idleClientsAreStillThereAtTheEnd() throws Exception {
        Result result = run(Scenario.IDLE, new Load(20, 64, 1, 0, 8, 0, 1), 200);

        assertFine(result);
        assertThat(figure(result, "still_connected")).isEqualTo(20);
        assertThat(count(result, "handshake")).isEqualTo(20);
    }

    @Test
    void aStalledClientIsEndedAndTheOthersLoseNothing() throws Exception {
        Result result = run(
                Scenario.STALLED,
                new Load(5, 64, 1, 500, 64, 0, 1_000_000),
                4_000,
                config -> config.withClients(config.clients().withChannelCapacity(100)));

        assertFine(result);
        assertThat(result.distributions()).extracting(Distribution::name).containsExactly("before", "during");
        assertThat(figure(result, "stalled_ended")).isPositive();
        assertThat(result.figures())
                .anySatisfy(figure -> assertThat(figure.remark()).contains("Buffer overflow"));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 64, 40_000})
    void clientsOfVersion3Echo(int size) throws Exception {
        Result result = run3(Scenario.ECHO, new Load(5, size, 100, 0, 64, 0, 1), 300, config -> config);

        assertFine(result);
        assertThat(count(result, "echo")).isGreaterThanOrEqualTo(500);
    }

    @Test
    void clientsOfVersion3SendByTheClock() throws Exception {
        assertFine(run3(Scenario.ECHO, new Load(7, 64, 1, 1_000, 64, 0, 1), 1_200, config -> config));
    }

    @Test
    void clientsOfVersion3AreFannedOutTo() throws Exception {
        assertFine(run3(Scenario.FAN_OUT, new Load(6, 64, 1, 500, 64, 0, 1), 500, config -> config));
    }

    @Test
    void clientsOfVersion3ResumeInEachRound() throws Exception {
        Result result = run3(Scenario.RESUME_STORM, new Load(9, 64, 1, 0, 4, 3, 1), 300, config -> config);

        assertFine(result);
        assertThat(result.notes())
                .anySatisfy(note -> assertThat(note).startsWith("Timed from the connecting to the Resumed"));
        assertThat(count(result, "resume")).isEqualTo(27);
    }

    @ParameterizedTest
    @EnumSource(names = {"ECHO", "FAN_OUT", "RESUME_STORM"})
    void itsOwnBackendSpeaksFirehose3(Scenario scenario) throws Exception {
        long rate = scenario == Scenario.FAN_OUT ? 500 : 0;
        Result result = run3(
                scenario,
                new Load(9, 64, 1, rate, 4, scenario.isStorm() ? 3 : 0, 1),
                500,
                config -> config.withMaster(config.master().withProtocol(3)));

        assertFine(result);
        assertThat(result.surroundings().backend()).endsWith(", firehose 3");
    }

    @Test
    void aStalledClientOfVersion3IsEnded() throws Exception {
        Result result = run3(
                Scenario.STALLED,
                new Load(5, 64, 1, 500, 64, 0, 1_000_000),
                4_000,
                config -> config.withClients(config.clients().withChannelCapacity(100)));

        assertFine(result);
        assertThat(figure(result, "stalled_ended")).isPositive();
    }

    @Test
    void theBenchCanBeTheBackendOfARunningServer() throws Exception {
        InetSocketAddress backend = Ports.loopback(Ports.free());
        InetSocketAddress address = Ports.loopback(Ports.free());
        VoltlaneServer server = Runs.start("127.0.0.1", address.getPort(), backend, config -> config);
        try {
            Plan plan = Runs.plan(
                    Scenario.FAN_OUT,
                    new Load(3, 64, 1, 100, 64, 0, 1),
                    200,
                    new Target(address, backend, ProcessHandle.current().pid()));
            Result result = Bench.run(plan, Runs.NONE, heard);

            assertFine(result);
            assertThat(figure(result, "server_resident_bytes")).isPositive();
        } finally {
            Runs.stop(server);
        }
    }

    @Test
    void aServerThatIsNotThereIsSaidInOneLine() throws Exception {
        Target nowhere = new Target(Ports.loopback(Ports.free()), null, 0);

        assertThatThrownBy(() -> Bench.run(
                        Runs.plan(Scenario.ECHO, Load.defaults(Scenario.ECHO), 200, nowhere), Runs.NONE, heard))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("100 clients failed to open their sessions")
                .hasMessageContaining("can't connect");
    }
}
