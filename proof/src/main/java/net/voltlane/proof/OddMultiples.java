package net.voltlane.proof;

/**
 * A table of the multiples 1, 3 ... 15 of a point P and of L * P: all terms of a multiplication by a
 * {@link SplitScalar}. Mutable (it holds the point that was looked up last), for one thread and one multiplication.
 *
 * <p>All multiples have the same z, which is left out of the sums: with x * z^2 and y * z^3 in place of x and y, they
 * lie on another curve of the same kind, where they can be added as if z were 1. At the end the result is multiplied by
 * {@link #z}. So neither building nor using the table needs a division.
 */
final class OddMultiples {

    private static final int COUNT = 1 << (SplitScalar.DIGIT_BITS - 1);

    /** The common z. */
    final FieldElement z;

    /** The point that was looked up last, whose z is 1; both coordinates have size 4 at most. */
    final FieldElement x = new FieldElement();

    final FieldElement y = new FieldElement();

    /** A cube root of 1 in the field, as L is a cube root of 1 among the scalars. */
    private static final FieldElement BETA =
            FieldElement.ofHex("7ae96a2b657c07106e64479eac3434e99cf0497512f58995c1396c28719501ee");

    private final FieldElement[] xs = new FieldElement[COUNT];
    private final FieldElement[] ys = new FieldElement[COUNT];

    /** L * (x, y) = (beta * x, y). */
    private final FieldElement[] betaXs = new FieldElement[COUNT];

    /**
     * Builds the table.
     *
     * @param px the x coordinate of P, of size 1
     * @param py the y coordinate of P, of size 1
     */
    OddMultiples(FieldElement px, FieldElement py) {
        JacobianPoint two = new JacobianPoint();
        two.x.set(px);
        two.y.set(py);
        two.twice();

        // Moves P to the curve where 2P has z = 1, so that each step by 2P is a cheap addition.
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
