package net.voltlane.store.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what Redis says of its memory. */
final class Memory {
    private static final Pattern USED = Pattern.compile("(?m)^used_memory:(\\d{1,18})\\s*$");

    private Memory() {}

    /** The bytes that Redis uses; -1 if it does not say. */
    static long used(byte @Nullable [] info) {
        if (info == null) {
            return -1;
        }
        Matcher used = USED.matcher(new String(info, US_ASCII));
        return used.find() ? Long.parseLong(used.group(1)) : -1;
    }
}
