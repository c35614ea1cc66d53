package net.voltlane.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class IgnoredSignalsTest {

    @Test
    void theMaskIsReadAsTheSystemWritesIt() {
        List<String> status = List.of("Name:\tjava", "SigBlk:\t0000000000000004", "SigIgn:\t8000000000000003");

        assertThat(IgnoredSignals.mask(status)).isEqualTo(0x8000_0000_0000_0003L);
    }

    @Test
    void whereTheSystemDoesNotTellNoneIsIgnored() {
        assertThat(IgnoredSignals.mask(List.of("Name:\tjava"))).isZero();
    }
}
