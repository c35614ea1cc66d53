package net.voltlane.testkit.version3;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import net.voltlane.testkit.Bytes;

/** The proofs of a session's two ends, computed from K. */
final class SessionProof {
    private static final byte[] SALT = Bytes.utf8("VOLTLANE/3");

    private final byte[] key;

    SessionProof(byte[] shared, long id, byte[] clientKey, byte[] serverKey) {
        byte[] info = new FieldWriter()
                .bytes(Bytes.utf8("session"))
                .u64(id)
                .bytes(clientKey)
                .bytes(serverKey)
                .toBytes();
        key = hmac(hmac(SALT, shared), info, new byte[] {1}); // one block of HKDF
    }

    static byte[] transcript(byte[] resume, byte[] challenge) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(new FieldWriter()
                            .u32(resume.length)
                            .bytes(resume)
                            .u32(challenge.length)
                            .bytes(challenge)
                            .toBytes());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    byte[] ofClient(byte[] transcript) {
        return hmac(key, Bytes.utf8("client"), transcript);
    }

    byte[] ofServer(byte[] transcript, byte[] ofClient, byte[] behindProof) {
        return hmac(key, Bytes.utf8("server"), transcript, ofClient, behindProof);
    }

    static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
