package net.voltlane.proof;

/**
 * The multiples 1, 3 ... 15 of one point P, and of L * P: all that a multiplication by a {@link SplitScalar} adds up.
 * Mutable (it holds what was looked up last), for one thread and one multiplication.
 *
 * <p>All have one z in common, which is left out of the sums: with x * z^2 and y * z^3 for x and y they lie on another
 * curve of the same kind, where they can be added as if z were 1. {@link #z} is to be put back in at the end. That way
 * neither making the table nor using it divides anything.
 */
final class OddMultiples {

    private static final int COUNT = 1 << (SplitScalar.DIGIT_BITS - 1);

    /** The common z. */
    final FieldElement z;

    /** What was looked up last, and its z is 1; both of size 4 at most. */
    final FieldElement x = new FieldElement();

    final FieldElement y = new FieldElement();

    /** A cube root of 1, as L is one among the scalars. */
    private static final FieldElement BETA =
            FieldElement.ofHex("7ae96a2b657c07106e64479eac3434e99cf0497512f58995c1396c28719501ee");

    private final FieldElement[] xs = new FieldElement[COUNT];
    private final FieldElement[] ys = new FieldElement[COUNT];

    /** L * (x, y) = (beta * x, y). */
    private final FieldElement[] betaXs = new FieldElement[COUNT];

    /** @param px of size 1, as is {@code py} */
    OddMultiples(FieldElement px, FieldElement py) {
        JacobianPoint two = new JacobianPoint();
        two.x.set(px);
        two.y.set(py);
        two.twice();

        // P on the curve where 2P has z = 1: there every step of two is a short addition.
        JacobianPoint multiple = new JacobianPoint();
        FieldElement power = new FieldElement();
        power.square(two.z);
        multiple.x.multiply(px, power);
        power.multiply(power, two.z);
        multiple.y.multiply(py, power);

        FieldElement[] ratios = new FieldElement[COUNT];
        for (int i = 0; i < COUNT; i++) {
            if (i > 0) {
                multiple.add(two.x, two.y);
                ratios[i] = FieldElement.copy(multiple.zRatio);
            }
            xs[i] = FieldElement.copy(multiple.x);
            ys[i] = FieldElement.copy(multiple.y);
        }
        z = new FieldElement();
        z.multiply(multiple.z, two.z);
        bringToLastZ(ratios);
        for (int i = 0; i < COUNT; i++) {
            betaXs[i] = new FieldElement();
            betaXs[i].multiply(xs[i], BETA);
        }
    }

    private void bringToLastZ(FieldElement[] ratios) {
        FieldElement ratio = new FieldElement(1);
        FieldElement power = new FieldElement();
        for (int i = COUNT - 2; i >= 0; i--) {
            ratio.multiply(ratio, ratios[i + 1]);
            power.square(ratio);
            xs[i].multiply(xs[i], power);
            power.multiply(power, ratio);
            ys[i].multiply(ys[i], power);
        }
    }

    /** Looks up {@code digit} * P. */
    void lookUp(int digit) {
        lookUp(xs, digit);
    }

    /** Looks up {@code digit} * L * P. */
    void lookUpL(int digit) {
        lookUp(betaXs, digit);
    }

    private void lookUp(FieldElement[] from, int digit) {
        int sign = digit >> 31;
        int index = ((digit ^ sign) - sign) >> 1;
        x.select(from, index);
        y.select(ys, index);
        y.negateIf(sign);
    }
}
