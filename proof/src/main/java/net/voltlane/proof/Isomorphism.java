package net.voltlane.proof;

import java.security.SecureRandom;

/**
 * A mapping from secp256k1 to another curve of its kind, and back. For some u other than 0, a point (x, y) becomes (u^2
 * x, u^3 y), which lies on y^2 = x^3 + 7 u^6. Sums map to sums, and no formula here contains the 7. So a multiplication
 * can be done on the other curve. If u is random, its intermediate numbers can't be predicted or repeated.
 *
 * <p>It costs six of the about two thousand products of a multiplication, and 32 random bytes. Immutable and
 * thread-safe.
 */
final class Isomorphism {

    /** Thread-safe. */
    private static final SecureRandom RANDOM = new SecureRandom();

    private final FieldElement u;
    private final FieldElement square = new FieldElement();
    private final FieldElement cube = new FieldElement();

    /** @param u a factor of size 1. With 0, which is never drawn, every z becomes 0, as in a sum that has failed */
    Isomorphism(FieldElement u) {
        this.u = u;
        square.square(u);
        cube.multiply(square, u);
    }

    /** Returns a random mapping. */
    static Isomorphism random() {
        byte[] bytes = new byte[FieldElement.BYTES];
        RANDOM.nextBytes(bytes);
        FieldElement u = new FieldElement();
        u.set(bytes, 0); // a number that is not below p stands for another one modulo p
        return new Isomorphism(u);
    }

    /** Maps the point (x, y), both of size 1, and returns its multiples. */
    OddMultiples there(FieldElement x, FieldElement y) {
        FieldElement px = new FieldElement();
        px.multiply(x, square);
        FieldElement py = new FieldElement();
        py.multiply(y, cube);
        return new OddMultiples(px, py);
    }

    /** Maps a point back. Multiplying z by u divides x by u^2 and y by u^3. */
    void back(JacobianPoint point) {
        point.z.multiply(point.z, u);
    }
}
