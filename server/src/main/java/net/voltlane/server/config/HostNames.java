package net.voltlane.server.config;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Host names, in lower case. */
final class HostNames extends EntryList<List<String>> {
    private static final int MAX_LENGTH = 253;
    private static final Pattern NAME =
            Pattern.compile("[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*");

    @Override
    boolean isEntry(String text) {
        return text.length() <= MAX_LENGTH
                && NAME.matcher(text.toLowerCase(Locale.ROOT)).matches();
    }

    @Override
    List<String> of(List<String> entries) {
        return entries.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    }

    @Override
    public Object plain(List<String> value) {
        return value;
    }

    @Override
    public String expected() {
        return "a list of host names without ports, such as [\"ops.example.com\"]; in a variable with commas between, or"
                + " [] for none";
    }
}
