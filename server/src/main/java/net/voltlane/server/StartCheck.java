package net.voltlane.server;

import java.util.ArrayList;
import java.util.List;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.server.config.StoreKind;

/** A check of the files that a start needs, without a start. Changes nothing, and may block. */
final class StartCheck {
    private StartCheck() {}

    /**
     * Reads the files, and describes them in lines for people.
     *
     * @throws StartException as a start would
     */
    static List<String> of(ServerConfig config) {
        List<String> lines = new ArrayList<>(ListenerTls.check(config));
        PartSettings.masterTransport(config.master());
        lines.add(ServerKey.check(config.listener()));
        if (config.store().kind() != StoreKind.MEMORY) {
            lines.add(ServerStore.check(config));
        }
        return lines;
    }
}
