package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PhaseTest {

    @ParameterizedTest
    @CsvSource({
        "LIVE, RESUMING ENDED",
        "RESUMING, LIVE REPLACING ENDED ENDED_WITHOUT_SESSION",
        "REPLACING, LIVE ENDED_WITHOUT_SESSION",
        "ENDED, ''",
        "ENDED_WITHOUT_SESSION, ''"
    })
    void onlyTheArrowsOfTheDrawingAreAllowed(Phase from, String arrows) {
        List<String> allowed = arrows.isEmpty() ? List.of() : List.of(arrows.split(" "));
        assertThat(Arrays.stream(Phase.values()).filter(from::mayBecome).map(Phase::name))
                .containsExactlyElementsOf(allowed);
    }

    @ParameterizedTest
    @CsvSource({"LIVE, false", "RESUMING, false", "REPLACING, true", "ENDED, false", "ENDED_WITHOUT_SESSION, true"})
    void theSessionIsGoneWhileItIsReplacedAndAfterAnEndWithoutIt(Phase phase, boolean gone) {
        assertThat(phase.isSessionGone()).isEqualTo(gone);
    }
}
