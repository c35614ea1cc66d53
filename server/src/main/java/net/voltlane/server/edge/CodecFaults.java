package net.voltlane.server.edge;

import net.voltlane.protocol.SystemWords;
import net.voltlane.server.link.CodecException;

/** Faults of clients with a session that their transport's codec has found. On the link's loop. */
final class CodecFaults {
    private CodecFaults() {}

    /** The cause of a link's loss, in words for the log. */
    static String words(Throwable cause) {
        return cause instanceof CodecException fault ? fault.why() : SystemWords.of(cause);
    }

    /**
     * Counts and logs a fault, and closes the link. The session stays.
     *
     * @return false if the exception is no such fault, and nothing was done
     */
    static boolean handles(ClientLink link, Throwable cause) {
        if (!(cause instanceof CodecException fault)) {
            return false;
        }
        if (link.isUp()) {
            link.context.faults().count(fault.broken());
            link.context.faults().disconnected(fault.why(), link.admission.from());
        }
        link.channel().close();
        return true;
    }
}
