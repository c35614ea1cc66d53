package net.voltlane.server.session;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.Reason;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Log lines at Debug about each session's opening, loss, resume and end, for the question "why was this player
 * dropped?". Everything in the text is also given as fields, for logs in JSON. Belongs to the session loop.
 */
final class SessionLog {
    private static final Logger log = LoggerFactory.getLogger(Sessions.class);

    void opened(Session session) {
        if (log.isDebugEnabled()) {
            line(session.id, session.from()).log("Session {} opened by {}", text(session.id), session.from());
        }
    }

    /** The session's link is lost, and not yet detached. */
    void lost(Session session, ClientPort port, SessionSettings settings) {
        if (log.isDebugEnabled()) {
            LinkFacts facts = port.facts();
            line(session.id, facts.from())
                    .addKeyValue("reason", facts.whyLost())
                    .log(
                            "Session {} lost its link from {}: {}; {}",
                            text(session.id),
                            facts.from(),
                            facts.whyLost(),
                            settings.keepsStale()
                                    ? "it can be resumed for " + seconds(settings.staleTimeoutNanos()) + " s"
                                    : "it ends by that");
        }
    }

    /** Another link has proved itself while the session's own still looks alive. */
    void takenOver(Session session, ClientPort port) {
        if (log.isDebugEnabled()) {
            Object from = port.facts().from();
            line(session.id, from)
                    .log(
                            "Session {} moves to a new link from {}: the one from {} still looked alive",
                            text(session.id),
                            from,
                            session.from());
        }
    }

    /** @param missedPackets packets that came while the session had no link */
    void resumed(Session session, long missedPackets) {
        if (log.isDebugEnabled()) {
            line(session.id, session.from())
                    .addKeyValue("missed_packets", missedPackets)
                    .log(
                            "Session {} resumed by {}; {} came meanwhile",
                            text(session.id),
                            session.from(),
                            packets(missedPackets));
        }
    }

    /** A link with a right proof came for a session that can't be resumed any more. */
    void tooLate(long id, ClientPort port) {
        if (log.isDebugEnabled()) {
            Object from = port.facts().from();
            line(id, from).log("Session {} not resumed by {}: it has ended meanwhile", text(id), from);
        }
    }

    void ended(Session session, Reason reason, long nowNanos) {
        if (log.isDebugEnabled()) {
            SessionView.Counts counts = session.counts();
            line(session.id, session.from())
                    .addKeyValue("reason", reason.text())
                    .addKeyValue("packets_up", counts.packetsUp())
                    .addKeyValue("bytes_up", counts.bytesUp())
                    .addKeyValue("packets_down", counts.packetsDown())
                    .addKeyValue("bytes_down", counts.bytesDown())
                    .log(
                            "Session {} ended: {}; last link from {}, lived {} s, sent {} ({} bytes), was sent {} ({} bytes)",
                            text(session.id),
                            reason.text(),
                            session.from(),
                            seconds(nowNanos - session.openedAtNanos),
                            packets(counts.packetsUp()),
                            counts.bytesUp(),
                            packets(counts.packetsDown()),
                            counts.bytesDown());
        }
    }

    private static LoggingEventBuilder line(long id, @Nullable Object from) {
        return log.atDebug().addKeyValue("session", text(id)).addKeyValue("address", from);
    }

    private static String text(long id) {
        return Long.toUnsignedString(id);
    }

    private static String packets(long count) {
        return count == 1 ? "1 packet" : count + " packets";
    }

    /** Seconds as text, with one decimal if they are not whole. */
    private static String seconds(long nanos) {
        long tenths = TimeUnit.NANOSECONDS.toMillis(nanos) / 100;
        return tenths % 10 == 0 ? Long.toString(tenths / 10) : String.format(Locale.ROOT, "%.1f", tenths / 10.0);
    }
}
