package net.voltlane.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Holds that a packet below 1 KiB leaves less than one byte of garbage behind, in steady state. Bytes are counted, not
 * timed, so a busy machine changes nothing.
 *
 * <p>The benchmarks run in this JVM, which has the flags of production: a JVM for each of the cases would take minutes,
 * and code that has seen all of them, as a server's has, can't do without an allocation because it knows but one.
 */
final class GarbageTest {
    private static final double LIMIT_BYTES = 1;

    /** Gives the compiler time to finish: interpreted code allocates objects that compiled code does not. */
    @BeforeAll
    static void warmUp() throws RunnerException {
        garbage(options()
                .include(benchmark(WholeWayBenchmark.class, "echo"))
                .param("clients", "1", "100")
                .param("packetsPerTick", "1")
                .param("payloadBytes", "64")
                .param("loops", "1", "2")
                .param("protocol", "2", "3")
                .warmupTime(TimeValue.milliseconds(200))
                .measurementIterations(1));
    }

    /** Each has two packets, one up and one down. */
    @Test
    void anEchoThroughTheServerLeavesNoGarbageBehind() throws RunnerException {
        Map<String, Double> bytes = leastGarbage(options()
                .include(benchmark(WholeWayBenchmark.class, "echo"))
                .param("protocol", "2")
                .param("firehose", "2")
                .param("payloadBytes", "16", "64", "512", "1000"));
        assertThat(bytes).hasSize(3 * 2 * 4);
        assertThat(tooMuch(bytes)).isEmpty();
    }

    /** In version 3 each packet is kept until it is acknowledged, and acknowledgements go both ways. */
    @Test
    void norDoesAnEchoThatIsAcknowledged() throws RunnerException {
        Map<String, Double> bytes = leastGarbage(options()
                .include(benchmark(WholeWayBenchmark.class, "echo"))
                .param("protocol", "3")
                .param("firehose", "2")
                .param("clients", "1", "100")
                .param("payloadBytes", "64", "1000"));
        assertThat(bytes).hasSize(2 * 2 * 2);
        assertThat(tooMuch(bytes)).isEmpty();
    }

    /** With firehose 3 the server keeps each packet for the master as well, and passes its acknowledgements on. */
    @Test
    void norDoesAnEchoThatTheMasterAcknowledges() throws RunnerException {
        Map<String, Double> bytes = leastGarbage(options()
                .include(benchmark(WholeWayBenchmark.class, "echo"))
                .param("protocol", "2", "3")
                .param("firehose", "3")
                .param("clients", "1", "100")
                .param("payloadBytes", "64"));
        assertThat(bytes).hasSize(2 * 2 * 2);
        assertThat(tooMuch(bytes)).isEmpty();
    }

    @Test
    void norDoesItWhereClientsHaveALoopOfTheirOwn() throws RunnerException {
        Map<String, Double> bytes = leastGarbage(options()
                .include(benchmark(WholeWayBenchmark.class, "echo"))
                .param("payloadBytes", "64")
                .param("clients", "1", "100")
                .param("packetsPerTick", "1")
                .param("protocol", "2", "3")
                .param("firehose", "2", "3")
                .param("loops", "2"));
        assertThat(bytes).hasSize(2 * 2 * 2);
        assertThat(tooMuch(bytes)).isEmpty();
    }

    @Test
    void norDoesAFrameThatComesInTwoReads() throws RunnerException {
        Map<String, Double> bytes = leastGarbage(options()
                .include(benchmark(FrameCutterBenchmark.class, "split"))
                .param("payloadBytes", "16", "1000"));
        assertThat(bytes).hasSize(2);
        assertThat(tooMuch(bytes)).isEmpty();
    }

    /** Else the other tests would show nothing. */
    @Test
    void garbageIsSeenWhereThereIsSome() throws RunnerException {
        Map<String, Double> bytes = garbage(options()
                .include(benchmark(HandshakeCodecBenchmark.class, "encode"))
                .param("packet", "PING"));
        int frameInAnArray = 5 + 16;
        assertThat(bytes).hasSize(1);
        assertThat(bytes.values()).allMatch(b -> b > frameInAnArray);
    }

    private static Map<String, Double> tooMuch(Map<String, Double> bytes) {
        Map<String, Double> tooMuch = new TreeMap<>(bytes);
        tooMuch.values().removeIf(b -> b < LIMIT_BYTES);
        return tooMuch;
    }

    private static ChainedOptionsBuilder options() {
        return new OptionsBuilder()
                .forks(0)
                .warmupIterations(3)
                .warmupTime(TimeValue.milliseconds(100))
                .measurementIterations(3)
                .measurementTime(TimeValue.milliseconds(100))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
    }

    private static String benchmark(Class<?> type, String name) {
        return type.getName() + "." + name + "$";
    }

    /** Measures briefly, and once more at leisure where that shows too much: the compiler may not have finished before. */
    private static Map<String, Double> leastGarbage(ChainedOptionsBuilder options) throws RunnerException {
        Map<String, Double> bytes = garbage(options.warmupIterations(1).measurementIterations(2));
        if (!tooMuch(bytes).isEmpty()) {
            garbage(options.warmupIterations(3).measurementIterations(3))
                    .forEach((name, again) -> bytes.merge(name, again, Math::min));
        }
        return bytes;
    }

    /** Bytes per operation, by benchmark and parameters. */
    private static Map<String, Double> garbage(ChainedOptionsBuilder options) throws RunnerException {
        Map<String, Double> bytes = new TreeMap<>();
        for (RunResult run : new Runner(options.build()).run()) {
            bytes.put(name(run.getParams()), leastBytes(run.getBenchmarkResults()));
        }
        return bytes;
    }

    private static String name(BenchmarkParams params) {
        StringBuilder name = new StringBuilder(params.getBenchmark());
        for (String key : params.getParamsKeys()) {
            name.append(' ').append(key).append('=').append(params.getParam(key));
        }
        return name.toString();
    }

    /** Of the iteration with the least: what comes with every packet is in each, and what comes once is not in all. */
    private static double leastBytes(Collection<BenchmarkResult> results) {
        return results.stream()
                .flatMap(result -> result.getIterationResults().stream())
                .mapToDouble(GarbageTest::bytes)
                .min()
                .orElseThrow();
    }

    /** The profiler leaves the bytes of an operation out where nothing at all was allocated: the rate is 0 then. */
    private static double bytes(IterationResult iteration) {
        boolean hasBytes = iteration.getSecondaryResults().containsKey("gc.alloc.rate.norm");
        return iteration
                .getSecondaryResults()
                .get(hasBytes ? "gc.alloc.rate.norm" : "gc.alloc.rate")
                .getScore();
    }
}
