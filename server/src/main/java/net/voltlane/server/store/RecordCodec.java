package net.voltlane.server.store;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of {@link SessionSecrets} as a store keeps them, sealed. Integers are little-endian, {@code blob} and
 * {@code text} as in version 3 of the protocol: a u16 with the length, then the bytes.
 *
 * <pre>
 *  u8     format, 1
 *  u8     version of the client link, 2 or 3
 *  blob   client key
 *  blob   session key K, empty: not known
 *  blob   credentials, empty: none
 *  u16    number of attributes, then for each: text name, blob value
 * </pre>
 *
 * <p>Bytes behind the attributes are skipped, for later versions. Immutable and thread-safe.
 */
public final class RecordCodec {
    private static final int FORMAT = 1;
    private static final int MAX_BLOB_BYTES = 0xFFFF;
    private static final int KEY_BYTES = 32;
    private static final byte[] NONE = {};

    private final RecordSeal seal;

    /** @param seal that of records */
    public RecordCodec(RecordSeal seal) {
        this.seal = seal;
    }

    /**
     * Writes and seals the secrets of a session.
     *
     * @throws IllegalArgumentException if that takes more than {@link StoredRecord#MAX_SEALED_BYTES}
     */
    public byte[] seal(long id, SessionSecrets secrets) {
        byte[] content = write(secrets);
        if (content.length + RecordSeal.OVERHEAD_BYTES > StoredRecord.MAX_SEALED_BYTES) {
            throw new IllegalArgumentException("secrets of " + content.length + " bytes (expected: at most "
                    + (StoredRecord.MAX_SEALED_BYTES - RecordSeal.OVERHEAD_BYTES) + ")");
        }
        return seal.seal(id, content);
    }

    /**
     * Opens and reads the secrets of a session.
     *
     * @param sealed any bytes, from anybody
     * @throws UnreadableRecordException if a server with this key has not sealed them for this session, or a newer one in a
     *     format that this one does not know
     */
    public SessionSecrets open(long id, byte[] sealed) throws UnreadableRecordException {
        return read(seal.open(id, sealed));
    }

    private static byte[] write(SessionSecrets secrets) {
        byte[] sessionKey = secrets.sessionKey() == null ? NONE : secrets.sessionKey();
        byte[] credentials = secrets.credentials() == null ? NONE : secrets.credentials();
        List<byte[]> attributes = new ArrayList<>(); // name, value, name, value …
        secrets.attributes().forEach((name, value) -> {
            attributes.add(name.getBytes(StandardCharsets.UTF_8));
            attributes.add(value);
        });
        int bytes = 1 + 1 + length(secrets.clientKey()) + length(sessionKey) + length(credentials) + Short.BYTES;
        for (byte[] attribute : attributes) {
            bytes += length(attribute);
        }
        ByteBuffer out = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        out.put((byte) FORMAT).put((byte) secrets.clientProtocol());
        put(out, secrets.clientKey());
        put(out, sessionKey);
        put(out, credentials);
        out.putShort((short) secrets.attributes().size());
        attributes.forEach(attribute -> put(out, attribute));
        return out.array();
    }

    private static int length(byte[] blob) {
        if (blob.length > MAX_BLOB_BYTES) {
            throw new IllegalArgumentException("field of " + blob.length + " bytes (expected: at most 65535)");
        }
        return Short.BYTES + blob.length;
    }

    private static void put(ByteBuffer out, byte[] blob) {
        out.putShort((short) blob.length).put(blob);
    }

    private static SessionSecrets read(byte[] content) throws UnreadableRecordException {
        ByteBuffer in = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        try {
            int format = in.get() & 0xFF;
            if (format != FORMAT) {
                throw new UnreadableRecordException("it has format " + format + " (expected: " + FORMAT + ")");
            }
            int clientProtocol = in.get() & 0xFF;
            byte[] clientKey = blob(in);
            byte[] sessionKey = orNull(blob(in));
            if (sessionKey != null && sessionKey.length != KEY_BYTES) {
                throw new UnreadableRecordException(
                        "its session key has " + sessionKey.length + " bytes (expected: " + KEY_BYTES + ")");
            }
            byte[] credentials = orNull(blob(in));
            Map<String, byte[]> attributes = new LinkedHashMap<>();
            for (int left = in.getShort() & 0xFFFF; left > 0; left--) {
                attributes.put(new String(blob(in), StandardCharsets.UTF_8), blob(in));
            }
            return new SessionSecrets(clientProtocol, clientKey, sessionKey, credentials, attributes);
        } catch (BufferUnderflowException tooShort) {
            throw new UnreadableRecordException("its content ends early, after " + content.length + " bytes");
        }
    }

    private static byte[] blob(ByteBuffer in) {
        int length = in.getShort() & 0xFFFF;
        if (length > in.remaining()) {
            throw new BufferUnderflowException(); // before the array is made
        }
        byte[] blob = new byte[length];
        in.get(blob);
        return blob;
    }

    private static byte @Nullable [] orNull(byte[] blob) {
        return blob.length == 0 ? null : blob;
    }
}
