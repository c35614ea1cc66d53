package net.voltlane.server.config;

import java.util.List;

/** The catalogue of keys, for tests of other packages. */
public final class CatalogueDoors {
    private CatalogueDoors() {}

    /** The keys that a running server can take, as {@code section.name}. */
    public static List<String> reloadable() {
        return Catalogue.ALL.stream()
                .filter(key -> key.reload() != Reload.AT_RESTART)
                .map(Key::path)
                .toList();
    }
}
