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

    private static long maxBufferedMib(long configured, long memory, long direct) {
        return Sizing.maxBufferedBytes(configured * MIB, memory * MIB, direct * MIB) / MIB;
    }

    @ParameterizedTest
    @CsvSource({"1000, 1000, 250", "1000, 100, 75", "10, 100, 4"})
    void byTheMachineItIsAQuarterOfItsMemoryWithinWhatIsNeededAndWhatThereIs(long memory, long direct, long expected) {
        assertThat(maxBufferedMib(0, memory, direct)).isEqualTo(expected);
        assertThat(log.lines()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"4", "5", "75"})
    void whatIsConfiguredHolds(long configured) {
        assertThat(maxBufferedMib(configured, 1000, 100)).isEqualTo(configured);
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void lessThanOneSlowClientTakesIsRaisedAndWarnedOf() {
        assertThat(Sizing.maxBufferedBytes(4 * MIB - 1, 1000 * MIB, 100 * MIB)).isEqualTo(4 * MIB);
        assertThat(log.lines())
                .containsExactly("WARN limits.max_buffered_bytes: 4194304 holds, as with only 4194303 a client that is"
                        + " slow for a moment would lose its session");
    }

    @ParameterizedTest
    @CsvSource({"76, 100, 75", "0, 4, 3", "2, 4, 3", "8, 4, 3"})
    void whereTheJvmHasLessThatIsWarnedOf(long configured, long direct, long expected) {
        assertThat(maxBufferedMib(configured, 1000, direct)).isEqualTo(expected);
        assertThat(log.lines())
                .containsExactly("WARN limits.max_buffered_bytes: " + expected * MIB + " holds, as the JVM's limit for"
                        + " memory off the heap leaves room for no more; to raise that: -XX:MaxDirectMemorySize");
    }
}
