package net.voltlane.proof;

/** The check that every public key from a peer has to pass before anything is done with it. */
public final class PublicKeys {

    private PublicKeys() {}

    /**
     * Checks a public key and gives it its short form.
     *
     * <p>Some six microseconds of work for a compressed key (a square root), a fraction of one for the other form. Any
     * thread.
     *
     * @param sec1 a point of secp256k1 in SEC1 form: 33 bytes that begin with 02 or 03, or 65 that begin with 04
     * @return the same point in 33 bytes, always a fresh array
     * @throws InvalidKeyException for another length or first byte, for a coordinate that is not below the field's
     *     prime, and for what is not on the curve
     */
    public static byte[] validate(byte[] sec1) throws InvalidKeyException {
        return CurvePoint.decode(sec1).compressed();
    }
}
