package net.voltlane.server.config;

import java.util.List;
import java.util.stream.Stream;

/** The catalogue of all keys, section by section. */
final class Catalogue {
    static final List<Key<?>> ALL = Stream.of(
                    General.KEYS,
                    Server.KEYS,
                    Listener.KEYS,
                    Tls.KEYS,
                    WebSocket.KEYS,
                    Master.KEYS,
                    Clients.KEYS,
                    LimitsConfig.KEYS,
                    Store.KEYS,
                    Admin.KEYS,
                    Log.KEYS)
            .<Key<?>>flatMap(keys -> keys.all().stream())
            .toList();

    private Catalogue() {}
}
