package net.voltlane.protocol;

import static net.voltlane.protocol.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Numbers and texts that must never change, and packets as values. */
final class WordsTest {

    @Test
    void flagsHaveTheirNumbersForGood() {
        assertThat(Arrays.stream(Flag.values()).map(Flag::code))
                .containsExactly((byte) 0, (byte) 1, (byte) 2, (byte) 3);
        assertThat(Arrays.stream(Flag.values()).map(f -> Flag.of(f.code()))).containsExactly(Flag.values());
        assertThat(Flag.values()).containsExactly(Flag.DATA, Flag.FAILURE, Flag.KICK, Flag.RECONNECTION);
    }

    @Test
    void otherNumbersAreNoFlags() {
        assertThat(Flag.of(4)).isNull();
        assertThat(Flag.of(-1)).isNull();
        assertThat(Flag.of(255)).isNull();
        assertThat(Flag.of(256)).isNull();
    }

    @Test
    void reasonsHaveTheirTextsForGood() {
        assertThat(Arrays.stream(Reason.values()).map(Reason::text))
                .containsExactly(
                        "Client not found",
                        "Client disconnected",
                        "Client evicted",
                        "Client kicked",
                        "Buffer overflow",
                        "Missed packets overflow",
                        "Frame too large",
                        "Rate limit",
                        "Memory limit",
                        "Server stopping",
                        "Client left",
                        "Protocol violation",
                        "Gap");
    }

    @Test
    void packetsAreEqualByContent() {
        assertThat(new PubKey(hex("01"))).isEqualTo(new PubKey(hex("01"))).hasSameHashCodeAs(new PubKey(hex("01")));
        assertThat(new Challenge(hex("01")))
                .isEqualTo(new Challenge(hex("01")))
                .hasSameHashCodeAs(new Challenge(hex("01")));
        assertThat(new ChallengeResponse(hex("01")))
                .isEqualTo(new ChallengeResponse(hex("01")))
                .hasSameHashCodeAs(new ChallengeResponse(hex("01")));
        assertThat(new PubKey(hex("01"))).isNotEqualTo(new PubKey(hex("02")));
        assertThat(new Challenge(hex("01"))).isNotEqualTo(new Challenge(hex("02")));
        assertThat(new ChallengeResponse(hex("01"))).isNotEqualTo(new ChallengeResponse(hex("02")));
        assertThat((Object) new Challenge(hex("01"))).isNotEqualTo(new ChallengeResponse(hex("01")));
    }

    @Test
    void packetsShowNumbersAsUnsignedAndBytesAsASize() {
        assertThat(new Ping()).hasToString("Ping[]");
        assertThat(new ProtocolVersion(-1)).hasToString("ProtocolVersion[version=4294967295]");
        assertThat(new ClientId(-1)).hasToString("ClientId[id=18446744073709551615]");
        assertThat(new PubKey(new byte[33])).hasToString("PubKey[key=33 bytes]");
        assertThat(new Challenge(new byte[72])).hasToString("Challenge[box=72 bytes]");
        assertThat(new ChallengeResponse(new byte[72])).hasToString("ChallengeResponse[box=72 bytes]");
    }
}
