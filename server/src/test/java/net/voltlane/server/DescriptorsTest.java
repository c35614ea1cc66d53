package net.voltlane.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.voltlane.server.link.Logged;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DescriptorsTest {
    private final Logged log = new Logged(Descriptors.class);

    @AfterEach
    void close() {
        log.close();
    }

    @ParameterizedTest
    @CsvSource({
        "165, 100, 1, 1",
        "1164, 100, 1000, 875",
        "4734, 100, 4570, 3999",
        "4738, 100, 4574, 4003",
        "1048740, 100, 1048576, 1040384"
    })
    void theRoomIsWhatIsNeitherInUseNorHeldBackAndAnEighthOfItIsForThoseWhoComeBack(
            long limit, long inUse, int room, int clients) {
        assertThat(Descriptors.roomForConnections(0, limit, inUse)).isEqualTo(room);
        if (clients < 4000) {
            assertThat(log.lines())
                    .containsExactly("WARN the limit of " + limit + " open descriptors leaves room for " + clients
                            + " clients; to raise it: ulimit -n, or LimitNOFILE of the service");
        } else {
            assertThat(log.lines()).isEmpty(); // told at a level that tests don't hear
        }
    }

    @ParameterizedTest
    @CsvSource({"100, 300, false", "119, 300, false", "120, 300, true", "5000, 5000, true"})
    void aConfiguredNumberOfClientsSaysHowManyAreMeant(long maxClients, long limit, boolean warns) {
        Descriptors.roomForConnections(maxClients, limit, 100);
        assertThat(log.lines())
                .hasSize(warns ? 1 : 0)
                .allMatch(line ->
                        line.startsWith("WARN limits.max_clients: " + maxClients + ", but the limit of " + limit));
    }

    @ParameterizedTest
    @CsvSource({"164, 100", "100, 100", "50, 100"})
    void roomForNobodyIsAnError(long limit, long inUse) {
        assertThatThrownBy(() -> Descriptors.roomForConnections(0, limit, inUse))
                .isInstanceOf(StartException.class)
                .hasMessage(
                        "the limit of " + limit + " open descriptors leaves room for 0 clients: 100 are in use, 64 are"
                                + " held back (expected: a limit of at least 4164; see ulimit -n, or LimitNOFILE of the service)");
        assertThat(log.lines()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"-1, 100", "1000, -1", "9223372036854775807, 100"})
    void withoutALimitThereIsRoomForAsManyAsCanBeCounted(long limit, long inUse) {
        assertThat(Descriptors.roomForConnections(0, limit, inUse)).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void thisMachineTells() {
        assertThat(Descriptors.roomForConnections(0)).isBetween(1, Integer.MAX_VALUE - 1);
    }
}
