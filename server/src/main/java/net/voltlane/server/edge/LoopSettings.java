package net.voltlane.server.edge;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The settings that hold on one loop now. They are replaced all at once, and read anew at each decision. Belongs to its
 * loop.
 */
final class LoopSettings {
    private EdgeSettings settings;
    /** Links over their bound for which the firehose waits: nothing comes for them that would make them look again. */
    private final Set<LinkOutput> blocking = new LinkedHashSet<>();

    LoopSettings(EdgeSettings settings) {
        this.settings = settings;
    }

    EdgeSettings get() {
        return settings;
    }

    void replace(EdgeSettings next) {
        settings = next;
        List.copyOf(blocking).forEach(LinkOutput::settingsChanged);
    }

    /** The firehose waits for this link from now on. */
    void blocks(LinkOutput output) {
        blocking.add(output);
    }

    /** The firehose does not wait for this link any more, if it did. */
    void blocksNoMore(LinkOutput output) {
        if (!blocking.isEmpty()) {
            blocking.remove(output);
        }
    }

    /** The number of links that the firehose waits for. */
    int blockingLinks() {
        return blocking.size();
    }
}
