package net.voltlane.proof;

import java.security.SecureRandom;

/**
 * A way from secp256k1 to another curve of its kind and back: for some u other than 0 a point (x, y) becomes (u^2 x,
 * u^3 y), which lies on y^2 = x^3 + 7 u^6. Sums go the same way, and no formula here knows the 7. So a multiplication
 * may be done there, and where u is drawn at random it meets numbers that nobody can foresee or bring about again.
 *
 * <p>It costs six products of the some two thousand of a multiplication, and 32 random bytes. Immutable, for any
 * thread.
 */
final class Isomorphism {

    /** Thread-safe. */
    private static final SecureRandom RANDOM = new SecureRandom();

    private final FieldElement u;
    private final FieldElement square = new FieldElement();
    private final FieldElement cube = new FieldElement();

    /** @param u of size 1. With 0, which nobody draws, every z comes back as 0: as of a sum that can't be added up */
    Isomorphism(FieldElement u) {
        this.u = u;
        square.square(u);
        cube.multiply(square, u);
    }

    /** One that nobody can foresee. */
    static Isomorphism random() {
        byte[] bytes = new byte[FieldElement.BYTES];
        RANDOM.nextBytes(bytes);
        FieldElement u = new FieldElement();
        u.set(bytes, 0); // what is not below p is some other number modulo p
        return new Isomorphism(u);
    }

    /** The multiples of where (x, y) goes; both of size 1. */
    OddMultiples there(FieldElement x, FieldElement y) {
        FieldElement px = new FieldElement();
        px.multiply(x, square);
        FieldElement py = new FieldElement();
        py.multiply(y, cube);
        return new OddMultiples(px, py);
    }

    /** Brings a point back: what x and y are divided by, z^2 and z^3, takes up u^2 and u^3. */
    void back(JacobianPoint point) {
        point.z.multiply(point.z, u);
    }
}
