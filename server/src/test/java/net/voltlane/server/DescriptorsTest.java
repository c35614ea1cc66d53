package net.voltlane.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DescriptorsTest {

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
        ClientCapacity.Supply left = Descriptors.left(limit, inUse);

        assertThat(left.connections()).isEqualTo(room);
        assertThat(left.clients()).isEqualTo(clients);
        assertThat(left.text())
                .isEqualTo("the limit of " + limit + " open descriptors leaves room for " + clients + " clients");
    }

    @ParameterizedTest
    @CsvSource({"164, 100", "100, 100", "50, 100"})
    void roomForNobodyIsAnError(long limit, long inUse) {
        assertThatThrownBy(() -> Descriptors.left(limit, inUse))
                .isInstanceOf(StartException.class)
                .hasMessage(
                        "the limit of " + limit + " open descriptors leaves room for 0 clients: 100 are in use, 64 are"
                                + " held back (expected: a limit of at least 4164; see ulimit -n, or LimitNOFILE of the service)");
    }

    @ParameterizedTest
    @CsvSource({"-1, 100", "1000, -1", "9223372036854775807, 100"})
    void withoutALimitThereIsRoomForAsManyAsCanBeCounted(long limit, long inUse) {
        assertThat(Descriptors.left(limit, inUse).connections()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void thisMachineTells() {
        assertThat(Descriptors.left().connections()).isBetween(1, Integer.MAX_VALUE - 1);
    }
}
