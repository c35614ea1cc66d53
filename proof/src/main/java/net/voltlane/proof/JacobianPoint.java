package net.voltlane.proof;

/**
 * An intermediate point of a multiplication, in Jacobian coordinates: (x / z^2, y / z^3), so that no division is
 * needed. Mutable, for one thread.
 *
 * <p>The formulas hold for every curve y^2 = x^3 + b, as b does not occur in them. They fail when a point is added to
 * itself or to its opposite. Then z becomes 0 and stays 0, so one check at the end of a multiplication is enough.
 *
 * <p>The numbers in the comments are {@linkplain FieldElement sizes}. After {@link #twice} they are 9, 9 and 2 for x, y
 * and z, after {@link #add} 4, 2 and 1; both accept sizes up to 9, 9 and 2.
 */
final class JacobianPoint {

    final FieldElement x = new FieldElement();
    final FieldElement y = new FieldElement();
    final FieldElement z = new FieldElement(1);

    /** The factor by which the last addition has multiplied z. */
    final FieldElement zRatio = new FieldElement();

    private final FieldElement t = new FieldElement();
    private final FieldElement u = new FieldElement();
    private final FieldElement v = new FieldElement();
    private final FieldElement w = new FieldElement();

    void twice() {
        z.multiply(y, z); //           1
        z.scale(z, 2); //              2  z' = 2yz
        t.square(y); //                1  y^2
        u.multiply(x, t); //           1
        u.scale(u, 4); //              4  u = 4xy^2
        v.square(x); //                1
        v.scale(v, 3); //              3  v = 3x^2
        t.square(t); //                1
        t.scale(t, 8); //              8  8y^4
        w.scale(u, 2); //              8
        x.square(v); //                1
        x.subtract(x, w); //           9  x' = v^2 - 2u
        u.subtract(u, x); //          13
        u.multiply(u, v); //           1
        y.subtract(u, t); //           9  y' = v(u - x') - 8y^4
    }

    /** Adds a point whose z is 1 and whose coordinates have size 9 at most. */
    void add(FieldElement x2, FieldElement y2) {
        t.square(z); //                1
        u.multiply(x2, t); //          1
        u.subtract(u, x); //          10  u = x2 z^2 - x
        t.multiply(t, z); //           1
        v.multiply(y2, t); //          1
        v.subtract(v, y); //          10  v = y2 z^3 - y
        zRatio.set(u);
        z.multiply(z, u); //           1  z' = zu
        t.square(u); //                1
        w.multiply(x, t); //           1  w = xu^2
        t.multiply(t, u); //           1  u^3
        x.square(v); //                1
        x.subtract(x, t); //           2
        x.subtract(x, w); //           3
        x.subtract(x, w); //           4  x' = v^2 - u^3 - 2w
        w.subtract(w, x); //           5
        w.multiply(w, v); //           1
        t.multiply(t, y); //           1
        y.subtract(w, t); //           2  y' = v(w - x') - yu^3
    }
}
