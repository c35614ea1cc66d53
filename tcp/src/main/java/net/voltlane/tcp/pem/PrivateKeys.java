package net.voltlane.tcp.pem;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;

/**
 * A reader of private keys. The JDK reads PKCS#8 only, so the older forms are put into its frame first.
 *
 * <pre>
 *  PKCS#8:  SEQUENCE { 0, SEQUENCE { algorithm, parameters }, OCTET STRING { key } }
 *  PKCS#1:  the key of algorithm RSA
 *  SEC 1:   SEQUENCE { 1, OCTET STRING, [0] { curve }, [1] { public key } }: the key of algorithm EC
 * </pre>
 */
final class PrivateKeys {

    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");

    private static final int OCTET_STRING = 0x04;
    private static final int SEQUENCE = 0x30;
    private static final int CURVE = 0xA0;
    private static final int LONG_FORM = 0x80;
    private static final byte[] ZERO = {2, 1, 0};
    /** 1.2.840.113549.1.1.1, with the parameters NULL. */
    private static final byte[] RSA = {6, 9, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 1, 1, 1, 5, 0};
    /** 1.2.840.10045.2.1. */
    private static final byte[] EC = {6, 7, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 2, 1};

    private PrivateKeys() {}

    /** Reads PKCS#8, of any algorithm that a certificate may have. */
    static PrivateKey pkcs8(byte[] der) throws InvalidKeySpecException {
        InvalidKeySpecException failure = new InvalidKeySpecException("no algorithm");
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (InvalidKeySpecException e) {
                failure = e;
            } catch (NoSuchAlgorithmException e) {
                failure = new InvalidKeySpecException(e);
            }
        }
        throw failure;
    }

    /** Reads a key of RSA as {@code openssl genrsa -traditional} writes it. */
    static PrivateKey pkcs1(byte[] der) throws InvalidKeySpecException {
        return framed(RSA, der);
    }

    /** Reads a key of an elliptic curve as {@code openssl ecparam -genkey} writes it. */
    static PrivateKey sec1(byte[] der) throws InvalidKeySpecException {
        byte[] curve;
        try {
            curve = curve(ByteBuffer.wrap(der));
        } catch (IllegalArgumentException | java.nio.BufferUnderflowException e) {
            throw new InvalidKeySpecException("malformed", e);
        }
        return framed(concat(EC, curve), der);
    }

    private static byte[] curve(ByteBuffer der) {
        ByteBuffer fields = value(der, SEQUENCE);
        while (fields.hasRemaining()) {
            int tag = fields.get(fields.position()) & 0xFF;
            ByteBuffer field = value(fields, tag);
            if (tag == CURVE) {
                byte[] oid = new byte[field.remaining()];
                field.get(oid);
                return oid;
            }
        }
        throw new IllegalArgumentException("no curve");
    }

    /** Takes a value off the front. */
    private static ByteBuffer value(ByteBuffer from, int tag) {
        if ((from.get() & 0xFF) != tag) {
            throw new IllegalArgumentException("another tag");
        }
        int length = from.get() & 0xFF;
        if (length >= LONG_FORM) {
            byte[] bytes = new byte[length - LONG_FORM];
            if (bytes.length > Short.BYTES) {
                throw new IllegalArgumentException("too long");
            }
            from.get(bytes);
            length = new BigInteger(1, bytes).intValue();
        }
        if (length > from.remaining()) {
            throw new IllegalArgumentException("cut off");
        }
        ByteBuffer value = from.slice(from.position(), length);
        from.position(from.position() + length);
        return value;
    }

    private static PrivateKey framed(byte[] algorithm, byte[] key) throws InvalidKeySpecException {
        return pkcs8(value(SEQUENCE, concat(ZERO, value(SEQUENCE, algorithm), value(OCTET_STRING, key))));
    }

    private static byte[] value(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < LONG_FORM) {
            out.write(content.length);
        } else {
            out.write(LONG_FORM | Short.BYTES);
            out.write(content.length >>> Byte.SIZE);
            out.write(content.length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
