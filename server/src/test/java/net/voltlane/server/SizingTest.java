package net.voltlane.server;

import static org.assertj.core.api.Assertions.assertThat;

import net.voltlane.server.link.Logged;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SizingTest {
    private static final long MIB = 1L << 20;

    private final Logged log = new Logged(Sizing.class);

    @AfterEach
    void close() {
        log.close();
    }

    private static long maxBufferedMib(long configured, int threads, long memory, long direct) {
        return Sizing.maxBufferedBytes(configured * MIB, threads, memory * MIB, direct * MIB) / MIB;
    }

    @ParameterizedTest
    @CsvSource({"1, 1000, 1000, 250", "8, 1000, 1000, 250", "1, 1000, 100, 75", "1, 10, 100, 5", "4, 10, 100, 8"})
    void byTheMachineItIsAQuarterOfItsMemoryWithinWhatIsNeededAndWhatThereIs(
            int threads, long memory, long direct, long expected) {
        assertThat(maxBufferedMib(0, threads, memory, direct)).isEqualTo(expected);
        assertThat(log.lines()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"5, 1", "6, 2", "12, 8", "75, 1"})
    void whatIsConfiguredHolds(long configured, int threads) {
        assertThat(maxBufferedMib(configured, threads, 1000, 100)).isEqualTo(configured);
        assertThat(log.lines()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1, 5242880", "8, 12582912"})
    void lessThanASlowBackendTakesIsRaisedAndWarnedOf(int threads, long least) {
        assertThat(Sizing.maxBufferedBytes(least - 1, threads, 1000 * MIB, 100 * MIB))
                .isEqualTo(least);
        assertThat(log.lines())
                .containsExactly("WARN limits.max_buffered_bytes: " + (least - 1)
                        + ", but a backend that is slow takes up to " + least + " with " + threads
                        + " thread(s): that holds");
    }

    @Test
    void moreThanTheJvmHasIsLoweredAndWarnedOf() {
        assertThat(maxBufferedMib(76, 1, 1000, 100)).isEqualTo(75);
        assertThat(log.lines()).singleElement().asString().startsWith("WARN limits.max_buffered_bytes: 79691776, but");
    }

    @Test
    void whereTheJvmHasLessThanIsNeededThatIsTold() {
        assertThat(maxBufferedMib(0, 1, 1000, 4)).isEqualTo(3);
        assertThat(maxBufferedMib(2, 1, 1000, 4)).isEqualTo(3);
        assertThat(log.lines())
                .hasSize(2)
                .allMatch(
                        line -> line.startsWith(
                                "WARN the JVM's limit for memory off the heap leaves room for 3145728 bytes, and a backend that is slow"));
    }
}
