package net.voltlane.server.session;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.Reason;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.log.LogField;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Log lines about each session's opening, loss, resume and end, for the question "why was this player dropped?". They are
 * at Debug, but for the end, which is at Info if the settings say so. Everything in the text is also given as fields, for
 * logs in JSON. Belongs to the session loop.
 */
final class SessionLog {
    private static final Logger log = LoggerFactory.getLogger(Sessions.class);

    void opened(Session session) {
        if (log.isDebugEnabled()) {
            line(LogEvent.SESSION_OPENED, session.id, session.from())
                    .log("Session {} opened by {}", text(session.id), session.from());
        }
    }

    /** The session's link is lost, and not yet detached. */
    void lost(Session session, ClientPort port, SessionSettings settings) {
        if (log.isDebugEnabled()) {
            LinkFacts facts = port.facts();
            line(LogEvent.SESSION_LOST, session.id, facts.from())
                    .addKeyValue(LogField.REASON.key(), facts.whyLost())
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
            line(LogEvent.SESSION_MOVED, session.id, from)
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
            line(LogEvent.SESSION_RESUMED, session.id, session.from())
                    .addKeyValue(LogField.MISSED_PACKETS.key(), missedPackets)
                    .log(
                            "Session {} resumed by {}; {} came meanwhile",
                            text(session.id),
                            session.from(),
                            packets(missedPackets));
        }
    }

    /** A link with a right proof came too late. */
    void notResumed(long id, ClientPort port, Refusal why) {
        if (log.isDebugEnabled()) {
            Object from = port.facts().from();
            line(LogEvent.SESSION_NOT_RESUMED, id, from)
                    .log(
                            "Session {} not resumed by {}: {} meanwhile",
                            text(id),
                            from,
                            why == Refusal.TAKEN_OVER ? "another link has resumed it" : "it has ended");
        }
    }

    /** Nobody has a session any more that was let go. */
    void abandoned(long id) {
        if (log.isDebugEnabled()) {
            LogEvent.SESSION_ABANDONED
                    .on(log)
                    .addKeyValue(LogField.SESSION.key(), text(id))
                    .log("Session {} went on at another server, and nobody has it any more", text(id));
        }
    }

    /** Another server has the session by now. */
    void letGo(Session session) {
        if (log.isDebugEnabled()) {
            line(LogEvent.SESSION_LET_GO, session.id, session.from())
                    .log(
                            "Session {} goes on at another server; its last link here was from {}",
                            text(session.id),
                            session.from());
        }
    }

    /** The session comes from another server, and has a link here now. */
    void adopted(Session session) {
        if (log.isDebugEnabled()) {
            line(LogEvent.SESSION_ADOPTED, session.id, session.from())
                    .log(
                            "Session {} adopted for {}; it is its {}. server",
                            text(session.id),
                            session.from(),
                            session.epoch());
        }
    }

    /** A link with a right proof has to come again for a session of another server. */
    void notAdopted(long id, ClientPort port, String why) {
        if (log.isDebugEnabled()) {
            Object from = port.facts().from();
            line(LogEvent.SESSION_NOT_RESUMED, id, from)
                    .log("Session {} not adopted for {}: {}; its client may come again", text(id), from, why);
        }
    }

    /** A client that has proved itself does not agree with the server on what was sent. */
    void gap(Session session, ClientPort port) {
        if (log.isDebugEnabled()) {
            Object from = port.facts().from();
            line(LogEvent.SESSION_NOT_RESUMED, session.id, from)
                    .log(
                            "Session {} not resumed by {}: its client has {} and keeps from {} on, which does not fit {} of {}"
                                    + " acknowledged, and {} read",
                            text(session.id),
                            from,
                            packets(port.received()),
                            port.kept(),
                            session.delivered(),
                            packets(session.nextDown() - 1),
                            session.takenUp());
        }
    }

    /** @param atInfo false: the line is one of those at Debug */
    void ended(Session session, Reason reason, long nowNanos, boolean atInfo) {
        Level level = atInfo ? Level.INFO : Level.DEBUG;
        if (log.isEnabledForLevel(level)) {
            SessionView.Counts counts = session.counts();
            long livedNanos = nowNanos - session.openedAtNanos;
            line(LogEvent.SESSION_ENDED, level, session.id, session.from())
                    .addKeyValue(LogField.REASON.key(), reason.text())
                    .addKeyValue(LogField.SECONDS.key(), TimeUnit.NANOSECONDS.toMillis(livedNanos) / 1000.0)
                    .addKeyValue(LogField.PACKETS_UP.key(), counts.packetsUp())
                    .addKeyValue(LogField.BYTES_UP.key(), counts.bytesUp())
                    .addKeyValue(LogField.PACKETS_DOWN.key(), counts.packetsDown())
                    .addKeyValue(LogField.BYTES_DOWN.key(), counts.bytesDown())
                    .addKeyValue(LogField.RESUMES.key(), session.resumes)
                    .log(
                            "Session {} ended: {}; last link from {}, lived {} s, sent {} ({} bytes), was sent {} ({} bytes),"
                                    + " resumed {}",
                            text(session.id),
                            reason.text(),
                            session.from(),
                            seconds(livedNanos),
                            packets(counts.packetsUp()),
                            counts.bytesUp(),
                            packets(counts.packetsDown()),
                            counts.bytesDown(),
                            session.resumes == 1 ? "once" : session.resumes + " times");
        }
    }

    private static LoggingEventBuilder line(LogEvent event, long id, @Nullable Object from) {
        return line(event, Level.DEBUG, id, from);
    }

    private static LoggingEventBuilder line(LogEvent event, Level level, long id, @Nullable Object from) {
        return event.on(log, level)
                .addKeyValue(LogField.SESSION.key(), text(id))
                .addKeyValue(LogField.ADDRESS.key(), from);
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
