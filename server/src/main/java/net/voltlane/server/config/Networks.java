package net.voltlane.server.config;

import java.util.List;
import net.voltlane.server.guard.CidrSet;
import org.jspecify.annotations.Nullable;

/** Addresses and networks. */
final class Networks extends EntryList<CidrSet> {
    @Override
    boolean isEntry(String text) {
        return CidrSet.isEntry(text);
    }

    @Override
    @Nullable
    CidrSet of(List<String> entries) {
        return CidrSet.of(entries);
    }

    @Override
    public Object plain(CidrSet value) {
        return value.entries();
    }

    @Override
    public String expected() {
        return "a list of addresses or networks, such as [\"192.0.2.7\", \"10.0.0.0/8\", \"2001:db8::/32\"];"
                + " in a variable with commas between, or [] for none";
    }
}
