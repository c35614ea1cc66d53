package net.voltlane.protocol.firehose3;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import net.voltlane.protocol.FieldReader;
import net.voltlane.protocol.FieldWriter;
import net.voltlane.protocol.MalformedPacketException;
import org.jspecify.annotations.Nullable;

/**
 * An ordered map from names to bytes, in which packets carry what may grow. Unknown names are ignored. Immutable, but for
 * the arrays: do not change them.
 *
 * <pre>
 *  byte   0           2
 *       +-----------+----------+------------+----------+------------+---
 *       | u16 count | text key | blob value | text key | blob value | ...
 *       +-----------+----------+------------+----------+------------+---
 * </pre>
 *
 * Of two entries with the same name the later one counts.
 */
public final class Attributes {

    /** The client's address and port, as text. */
    public static final String REMOTE = "remote";

    /** The server's address and port on the client's link, as text. */
    public static final String LOCAL = "local";

    /** The kind of the client's link, as text: {@code tcp} and others. */
    public static final String TRANSPORT = "transport";

    /** The version that the client speaks, as text: {@code 2} or {@code 3}. */
    public static final String PROTOCOL = "protocol";

    /** The client's credentials, as it sent them. Secret. */
    public static final String CREDENTIALS = "credentials";

    /** The subject of the client's certificate in the form of RFC 2253, as text. Missing if it has shown none. */
    public static final String CERTIFICATE_SUBJECT = "certificate_subject";

    /** The alternative names in that certificate, as text such as {@code DNS:a.example, URI:spiffe://x/y}. */
    public static final String CERTIFICATE_NAMES = "certificate_san";

    /**
     * The number of servers that have had the session, this one included, as decimal text in {@link Opened}. Missing if the
     * server keeps no records of its sessions.
     */
    public static final String EPOCH = "epoch";

    /**
     * The time for which a session waits for its client, in milliseconds, as decimal text in {@link Hello}. Missing if the
     * server keeps no records of its sessions.
     */
    public static final String STALE_TIMEOUT = "stale_timeout_ms";

    /** No attributes. */
    public static final Attributes EMPTY = new Attributes(Map.of());

    private final Map<String, byte[]> values;

    private Attributes(Map<String, byte[]> values) {
        this.values = values;
    }

    /** Returns attributes with the entries of {@code values}, in its order. The arrays are not copied. */
    public static Attributes of(Map<String, byte[]> values) {
        return new Attributes(Collections.unmodifiableMap(new LinkedHashMap<>(values)));
    }

    /** Returns these attributes and one more, or with another value for {@code name}. The array is not copied. */
    public Attributes with(String name, byte[] value) {
        Map<String, byte[]> more = new LinkedHashMap<>(values);
        more.put(name, value);
        return new Attributes(Collections.unmodifiableMap(more));
    }

    /** Returns these attributes and one more, or with another text for {@code name}. */
    public Attributes with(String name, String text) {
        return with(name, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the value of {@code name}, or null if there is none. */
    public byte @Nullable [] get(String name) {
        return values.get(name);
    }

    /** Returns the value of {@code name} as text, or null if there is none. Bytes that are no UTF-8 become U+FFFD. */
    public @Nullable String text(String name) {
        byte[] value = values.get(name);
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }

    /** Returns the names in their order; it can't be changed. */
    public Set<String> names() {
        return values.keySet();
    }

    static Attributes read(FieldReader in) throws MalformedPacketException {
        int count = in.u16("map");
        if (count == 0) {
            return EMPTY;
        }
        // Not sized by the count, which is only a claim: each entry has to be there before it takes memory.
        Map<String, byte[]> values = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String name = in.text("map key");
            values.put(name, in.blob("map value"));
        }
        return new Attributes(Collections.unmodifiableMap(values));
    }

    void write(FieldWriter out) {
        out.u16(values.size());
        values.forEach((name, value) -> out.text(name).blob(value));
    }

    /** Returns true if the other has the same names in the same order, with the same values. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Attributes that
                && Arrays.equals(names().toArray(), that.names().toArray())
                && Arrays.deepEquals(
                        values.values().toArray(), that.values.values().toArray());
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(names().toArray())
                + Arrays.deepHashCode(values.values().toArray());
    }

    /** Returns names and sizes. The values may be secret. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Attributes[");
        values.forEach((name, value) -> text.append(text.length() > 11 ? ", " : "")
                .append(name)
                .append('=')
                .append(value.length)
                .append(" bytes"));
        return text.append(']').toString();
    }
}
