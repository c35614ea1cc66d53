package net.voltlane.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECCurve;
import org.bouncycastle.math.ec.ECPoint;
import org.jspecify.annotations.Nullable;

/** Of the forms that are allowed, exactly those that Bouncy Castle takes for a point of the curve are valid keys. */
final class PublicKeysFuzzTest {
    private static final ECCurve CURVE =
            CustomNamedCurves.getByName("secp256k1").getCurve();

    @FuzzTest
    void anyBytes(byte[] sec1) {
        ECPoint point = point(sec1);
        byte[] valid;
        try {
            valid = PublicKeys.validate(sec1);
        } catch (InvalidKeyException e) {
            assertThat(point).as("refused: %s", e.getMessage()).isNull();
            assertThat(e.getStackTrace()).isEmpty();
            return;
        }
        assertThat(point).as("a point for Bouncy Castle too").isNotNull();
        assertThat(valid).isEqualTo(point.getEncoded(true));
    }

    private static @Nullable ECPoint point(byte[] sec1) {
        boolean allowed = sec1.length == 33 && (sec1[0] == 2 || sec1[0] == 3) || sec1.length == 65 && sec1[0] == 4;
        try {
            return allowed ? CURVE.decodePoint(sec1) : null;
        } catch (RuntimeException refused) {
            return null;
        }
    }
}
