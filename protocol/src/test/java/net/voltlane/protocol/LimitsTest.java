package net.voltlane.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

final class LimitsTest {

    @Test
    void theLongestClientFrameOnceTaggedJustPassesCommonBackends() {
        assertThat(Limits.DEFAULT_MAX_FRAME_BYTES + Tag.BYTES).isEqualTo(8 * 1024 * 1024);
        assertThat(Limits.masterFrameLimitBytes(Limits.DEFAULT_MAX_FRAME_BYTES)).isEqualTo(8 * 1024 * 1024);
    }

    @Test
    void theFirehoseTakesATagMoreThanAClientLinkDoes() {
        assertThat(Limits.masterFrameLimitBytes(8_388_600)).isEqualTo(8_388_609);
        assertThat(Limits.masterFrameLimitBytes(1 << 30)).isEqualTo((1 << 30) + 9);
        assertThat(Limits.masterFrameLimitBytes(Integer.MAX_VALUE - 64)).isPositive();
    }

    @Test
    void aSmallLimitForClientsDoesNotCutTheFirehose() {
        assertThat(Limits.masterFrameLimitBytes(0)).isEqualTo(8 * 1024 * 1024);
        assertThat(Limits.masterFrameLimitBytes(64)).isEqualTo(8 * 1024 * 1024);
    }

    @Test
    void aLimitThatNoArrayCouldHoldIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Limits.masterFrameLimitBytes(Integer.MAX_VALUE - 63));
        assertThatIllegalArgumentException().isThrownBy(() -> Limits.masterFrameLimitBytes(-1));
    }

    @Test
    void everyPacketOfAHandshakeFitsItsLimit() {
        assertThat(HandshakeCodec.encode(new PubKey(new byte[65])).length).isLessThan(Limits.MAX_HANDSHAKE_FRAME_BYTES);
        assertThat(HandshakeCodec.encode(new ChallengeResponse(new byte[72])).length)
                .isLessThan(Limits.MAX_HANDSHAKE_FRAME_BYTES);
    }

    @Test
    void theNumbersOfVersion3StayForGood() {
        assertThat(Limits.PROTOCOL_VERSION_3).isEqualTo(3);
        assertThat(Limits.MAX_COUNT).isEqualTo(9_007_199_254_740_991L);
        assertThat(Limits.MAX_CREDENTIALS_BYTES).isEqualTo(4096);
        assertThat(Limits.MAX_CONTROL_FRAME_BYTES).isEqualTo(8192);
    }
}
