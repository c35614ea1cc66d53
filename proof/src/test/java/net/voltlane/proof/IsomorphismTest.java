package net.voltlane.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.junit.jupiter.api.Test;

/** Compares multiplications on another curve with Bouncy Castle. {@code -Dvoltlane.seed} repeats a run. */
final class IsomorphismTest {

    private static final X9ECParameters CURVE = CustomNamedCurves.getByName("secp256k1");
    private static final BigInteger N = CURVE.getN();
    private static final BigInteger P = CURVE.getCurve().getField().getCharacteristic();

    private final long seed =
            Long.getLong("voltlane.seed", ThreadLocalRandom.current().nextLong());
    private final Random random = new Random(seed);

    private final BigInteger k = number(N);
    private final ECPoint point = CURVE.getG().multiply(number(N)).normalize();
    private final byte[] expected = point.multiply(k).getEncoded(true);

    /** Returns a random number from 1 to the bound, exclusive. */
    private BigInteger number(BigInteger bound) {
        return new BigInteger(300, random).mod(bound.subtract(BigInteger.ONE)).add(BigInteger.ONE);
    }

    private static FieldElement element(BigInteger number) {
        byte[] bytes = new byte[FieldElement.BYTES];
        KeyPair.write(number, bytes, 0);
        FieldElement element = new FieldElement();
        element.set(bytes, 0);
        return element;
    }

    private static BigInteger number(FieldElement element) {
        byte[] bytes = new byte[FieldElement.BYTES];
        FieldElement.copy(element).get(bytes, 0);
        return new BigInteger(1, bytes);
    }

    private JacobianPoint sum(Isomorphism way) {
        BigInteger x = point.getAffineXCoord().toBigInteger();
        BigInteger y = point.getAffineYCoord().toBigInteger();
        return CurvePoint.sum(new SplitScalar(k), way.there(element(x), element(y)));
    }

    @Test
    void theMultipleIsTheSameByEveryWay() throws Exception {
        CurvePoint ours = CurvePoint.decode(point.getEncoded(true));
        for (BigInteger u : new BigInteger[] {
            BigInteger.ONE, BigInteger.TWO, P.subtract(BigInteger.ONE), P.subtract(BigInteger.TWO), N
        }) {
            CurvePoint product = ours.times(new SplitScalar(k), new Isomorphism(element(u)));
            assertThat(product.compressed()).as("seed %d, u %s", seed, u).isEqualTo(expected);
        }
        for (int i = 0; i < 500; i++) {
            BigInteger u = number(P);
            CurvePoint product = ours.times(new SplitScalar(k), new Isomorphism(element(u)));
            assertThat(product.compressed()).as("seed %d, u %s", seed, u).isEqualTo(expected);
        }
    }

    @Test
    void aNumberThatIsNotBelowThePrimeIsAWayAsWell() throws Exception {
        byte[] bytes = new byte[FieldElement.BYTES];
        Arrays.fill(bytes, (byte) -1);
        FieldElement u = new FieldElement();
        assertThat(u.set(bytes, 0)).isFalse();
        CurvePoint product = CurvePoint.decode(point.getEncoded(true)).times(new SplitScalar(k), new Isomorphism(u));
        assertThat(product.compressed()).as("seed %d", seed).isEqualTo(expected);
    }

    /** Checks with BigInteger arithmetic that the sum lies on the curve of u, and that z alone maps it back. */
    @Test
    void theSumLiesOnTheOtherCurveUntilItIsBroughtBack() {
        BigInteger u = number(P);
        Isomorphism way = new Isomorphism(element(u));
        JacobianPoint sum = sum(way);
        BigInteger zInverse = number(sum.z).modInverse(P);
        BigInteger x = number(sum.x).multiply(zInverse.pow(2)).mod(P);
        BigInteger y = number(sum.y).multiply(zInverse.pow(3)).mod(P);
        BigInteger b = BigInteger.valueOf(7).multiply(u.modPow(BigInteger.valueOf(6), P));
        assertThat(y.pow(2).mod(P))
                .as("seed %d", seed)
                .isEqualTo(x.pow(3).add(b).mod(P));
        BigInteger expectedX = point.multiply(k).normalize().getAffineXCoord().toBigInteger();
        assertThat(x).as("seed %d", seed).isEqualTo(expectedX.multiply(u.pow(2)).mod(P));
        BigInteger zBefore = number(sum.z);
        way.back(sum);
        assertThat(number(sum.z))
                .as("seed %d", seed)
                .isEqualTo(zBefore.multiply(u).mod(P));
    }

    @Test
    void noTwoComputationsOfTheSameMeetTheSameNumbers() {
        Set<BigInteger> met = new HashSet<>();
        int computations = 200;
        for (int i = 0; i < computations; i++) {
            Isomorphism way = Isomorphism.random();
            JacobianPoint sum = sum(way);
            met.add(number(sum.x));
            met.add(number(sum.y));
            met.add(number(sum.z));
            OddMultiples odd = way.there(element(BigInteger.TWO), element(BigInteger.TEN));
            odd.lookUp(-15);
            met.add(number(odd.x));
            met.add(number(odd.y));
            odd.lookUpL(3);
            met.add(number(odd.x));
        }
        assertThat(met).hasSize(6 * computations);
    }

    @Test
    void theWarmUpMultipliesAndIsStartedOnce() throws Exception {
        byte[] end = WarmUp.run(3);
        assertThat(PublicKeys.validate(end)).isEqualTo(end);
        WarmUp.startOnce();
        WarmUp.startOnce();
        long threads = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("voltlane-warm-up"))
                .count();
        assertThat(threads).isLessThanOrEqualTo(1);
    }
}
