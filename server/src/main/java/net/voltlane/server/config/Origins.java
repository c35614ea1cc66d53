package net.voltlane.server.config;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Origins of web pages, in lower case and as browsers send them. */
final class Origins extends EntryList<List<String>> {
    private static final int MAX_LENGTH = 300;
    private static final Pattern ORIGIN =
            Pattern.compile("([a-z][a-z0-9+.-]*)://([a-z0-9_.-]+|\\[[0-9a-f:.]+])(?::([0-9]{1,5}))?");
    /** The origin of pages that have none, such as files. */
    private static final String OPAQUE = "null";

    @Override
    boolean isEntry(String text) {
        return origin(text) != null;
    }

    @Override
    List<String> of(List<String> entries) {
        return entries.stream().map(Origins::origin).filter(Objects::nonNull).toList();
    }

    /** The origin as browsers send it, without a default port; null if it is none. */
    private static @Nullable String origin(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.equals(OPAQUE)) {
            return lower;
        }
        Matcher parts = ORIGIN.matcher(lower);
        if (lower.length() > MAX_LENGTH || !parts.matches()) {
            return null;
        }
        String scheme = parts.group(1);
        boolean isDefault = scheme.equals("https") && "443".equals(parts.group(3))
                || scheme.equals("http") && "80".equals(parts.group(3));
        return isDefault ? scheme + "://" + parts.group(2) : lower;
    }

    @Override
    public Object plain(List<String> value) {
        return value;
    }

    @Override
    public String expected() {
        return "a list of origins without paths, such as [\"https://example.com\"]; in a variable with commas between, or []"
                + " for none";
    }
}
