package net.voltlane.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The numbers of close codes, which must never change. */
final class CloseCodeTest {

    @Test
    void codesHaveTheirNumbersForGood() {
        assertThat(Arrays.stream(CloseCode.values()).map(code -> code.code() + " " + code))
                .containsExactly(
                        "1 KICKED",
                        "2 NO_SESSION",
                        "3 GAP",
                        "4 OVERFLOW",
                        "5 MISSED_OVERFLOW",
                        "6 MEMORY",
                        "7 FRAME_TOO_LARGE",
                        "8 VIOLATION",
                        "9 RATE",
                        "10 STOPPING",
                        "11 BUSY",
                        "12 TAKEN_OVER",
                        "13 SILENT",
                        "14 VERSION",
                        "15 LEFT",
                        "16 DISCONNECTED",
                        "17 EVICTED");
        for (CloseCode code : CloseCode.values()) {
            assertThat(CloseCode.of(code.code())).isEqualTo(code);
        }
    }

    @Test
    void otherNumbersAreNoCodes() {
        assertThat(CloseCode.of(0)).isNull();
        assertThat(CloseCode.of(18)).isNull();
        assertThat(CloseCode.of(-1)).isNull();
        assertThat(CloseCode.of(65535)).isNull();
    }

    @Test
    void aBusyServerATakeoverASilentLinkAndAVersionEndNoSession() {
        assertThat(Arrays.stream(CloseCode.values()).filter(code -> !code.endsSession()))
                .containsExactly(CloseCode.BUSY, CloseCode.TAKEN_OVER, CloseCode.SILENT, CloseCode.VERSION);
    }

    @Test
    void everyReasonHasACodeOfItsOwnThatEndsTheSession() {
        Set<CloseCode> codes = new HashSet<>();
        for (Reason reason : Reason.values()) {
            assertThat(reason.closeCode().endsSession()).as(reason.text()).isTrue();
            assertThat(codes.add(reason.closeCode())).as(reason.text()).isTrue();
        }
        assertThat(Reason.CLIENT_LEFT.closeCode()).isEqualTo(CloseCode.LEFT);
        assertThat(Reason.PROTOCOL_VIOLATION.closeCode()).isEqualTo(CloseCode.VIOLATION);
        assertThat(Reason.GAP.closeCode()).isEqualTo(CloseCode.GAP);
        assertThat(Reason.CLIENT_KICKED.closeCode()).isEqualTo(CloseCode.KICKED);
        assertThat(Reason.BUFFER_OVERFLOW.closeCode()).isEqualTo(CloseCode.OVERFLOW);
        assertThat(Reason.MISSED_PACKETS_OVERFLOW.closeCode()).isEqualTo(CloseCode.MISSED_OVERFLOW);
        assertThat(Reason.MEMORY_LIMIT.closeCode()).isEqualTo(CloseCode.MEMORY);
        assertThat(Reason.RATE_LIMIT.closeCode()).isEqualTo(CloseCode.RATE);
        assertThat(Reason.SERVER_STOPPING.closeCode()).isEqualTo(CloseCode.STOPPING);
        assertThat(Reason.CLIENT_DISCONNECTED.closeCode()).isEqualTo(CloseCode.DISCONNECTED);
        assertThat(Reason.CLIENT_EVICTED.closeCode()).isEqualTo(CloseCode.EVICTED);
        assertThat(Reason.FRAME_TOO_LARGE.closeCode()).isEqualTo(CloseCode.FRAME_TOO_LARGE);
        assertThat(Reason.CLIENT_NOT_FOUND.closeCode()).isEqualTo(CloseCode.NO_SESSION);
    }
}
