package net.voltlane.backend;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** The admission of connections, up to {@link BackendOptions#maxFirehoses()}. For the acceptor's thread. */
final class FirehoseAdmission {
    private final BackendContext context;
    private final int max;

    FirehoseAdmission(BackendContext context) {
        this.context = context;
        max = context.options().maxFirehoses();
    }

    /** Admits or refuses a connection. A firehose may be cut for it, see {@link FirehoseEviction}. */
    boolean admit(SocketAddress peer) {
        InetSocketAddress newcomer = SourceHost.inet(peer);
        int running = context.directory().running().size();
        // A lost firehose ends only when its last handler call has returned, so lost ones have a limit of their own.
        if (running < max || running < 2L * max && (isAnyEnding() || makeRoom(newcomer))) {
            return true;
        }
        context.counters().refusedFirehoses.increment();
        context.noRoomLog()
                .add(
                        "a connection from " + SourceHost.text(newcomer) + " was refused: there are " + max
                                + " (maxFirehoses)",
                        null);
        return false;
    }

    private boolean isAnyEnding() {
        return context.directory().attached().size() < max;
    }

    private boolean makeRoom(InetSocketAddress newcomer) {
        @Nullable Firehose gives = context.directory().chooseVictim(SourceHost.of(newcomer.getAddress()));
        if (gives == null) {
            return false;
        }
        if (gives.lose("gave way to another connection, as there are too many")) {
            context.counters().displacedFirehoses.increment();
            context.noRoomLog()
                    .add(
                            gives + " gave way to a connection from " + SourceHost.text(newcomer) + ": there are " + max
                                    + " (maxFirehoses)",
                            null);
        }
        return true;
    }
}
