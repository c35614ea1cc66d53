package net.voltlane.server.log;

import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The kinds of lines that the server logs for operators, each with its level. Their names are stable: alerts may be
 * built on them. Every line at Info and above is of one of these kinds.
 */
public enum LogEvent {
    // ---- the process's start

    STARTING(Level.INFO, "The process starts: version of Voltlane and Java, process id"),
    CONFIGURATION(Level.INFO, "Where the configuration came from, or a note about it"),
    CONFIGURATION_WARNING(
            Level.WARN, "A setting is not what it seems: unknown, unused, or capped by what the machine has"),
    CONFIGURATION_WRONG(Level.ERROR, "A setting is wrong. The process does not start, or the reload changes nothing"),
    KEY(Level.INFO, "The server's key: its fingerprint, and the file that it is in"),
    KEY_CREATED(
            Level.INFO,
            "There was no key file, and a new key was made. Clients that know another key will refuse this server"),
    KEY_NOT_SAVED(Level.WARN, "The new key could not be saved. After a restart clients will not know the server again"),
    ADMIN(Level.INFO, "Address of the admin server, or that there is none"),
    ADMIN_FAILED(
            Level.ERROR,
            "The admin server has failed: no metrics, health checks and API. Clients are served all the same"),
    ADMIN_UNAVAILABLE(
            Level.WARN,
            "There is no admin server, or it has no token, because a port is taken or a file is not usable"),
    TOKEN_CREATED(Level.INFO, "There was no token file, and a new token was made"),
    LIMITS(Level.INFO, "The limits in force: clients, memory for peers, descriptors, heap"),
    CAPACITY(Level.WARN, "There is less room for clients than configured, or hardly any, and what to raise"),
    CERTIFICATES(
            Level.INFO,
            "The certificates of the listeners with TLS, at the start and each time that they are replaced"),
    CERTIFICATES_KEPT(
            Level.WARN,
            "Changed certificate files can't be used. New clients go on to get the certificate that was in use before"),
    CERTIFICATE_EXPIRES(Level.WARN, "A certificate expires in 14 days or less, or has expired. Logged once a day"),
    READY(Level.INFO, "Clients are accepted, on these addresses"),
    SERVICE_MANAGER(Level.WARN, "The service manager can't be told the state of the server"),
    SIGNALS_UNAVAILABLE(Level.WARN, "This JVM gives no access to signals"),
    // ---- the master

    MASTER_REACHED(Level.INFO, "The server is connected to the master"),
    MASTER_LOST(
            Level.WARN,
            "The master can't be reached, or its connection was lost. The server dials again; one line for each outage"),
    MASTER_TLS_KEPT(
            Level.WARN,
            "Changed certificates towards the master can't be used. The old ones stay in use: mend the file; it is read again"
                    + " before the next dial"),
    MASTER_SPEAKS_NOT(
            Level.WARN,
            "What listens at the master's address does not speak firehose 3, or does not answer any more. The server dials"
                    + " again; see `master.protocol`"),
    MASTER_BEGAN_ANEW(
            Level.INFO,
            "Another process of the backend has answered than before. It was told of all sessions, and gets what the last one"
                    + " had not acknowledged"),
    MASTER_COUNTS_WRONG(
            Level.ERROR,
            "The backend acknowledges packets that it can't have, or forgets some. Its connection is closed, both sides begin"
                    + " anew, and packets may come twice"),
    MASTER_FRAME_TOO_LARGE(Level.WARN, "The master sent a frame over the limit, and its connection is closed"),
    MASTER_PACKETS_SKIPPED(Level.WARN, "Packets of the master could not be read and were skipped"),
    // ---- clients

    CLIENTS_REJECTED(
            Level.WARN, "Connections were closed for what they sent, or failed to send, before they had a session"),
    CLIENTS_REFUSED(Level.WARN, "Connections were closed because a limit was reached"),
    ADDRESSES_BANNED(Level.WARN, "Addresses were banned for wrong proofs"),
    CLIENTS_DISCONNECTED(
            Level.INFO,
            "Connections of clients that vanished or were silent for too long were closed. Their sessions can be resumed"),
    SESSIONS_FAILED(Level.WARN, "Sessions were ended for what their clients did, or did not take"),
    SESSIONS_EVICTED(Level.WARN, "Sessions without a connection were ended because there were too many"),
    ACCEPT_PAUSED(Level.WARN, "There is no room for another connection. New clients wait in the kernel"),
    ACCEPT_FAILED(Level.WARN, "The system refused to accept a connection"),
    ACCEPT_UNBOUNDED(Level.WARN, "A JVM flag lets io_uring accept more connections than there is room for"),
    // ---- one session

    SESSION_OPENED(Level.DEBUG, "A session was opened"),
    SESSION_LOST(Level.DEBUG, "A session lost its connection"),
    SESSION_RESUMED(Level.DEBUG, "A session was resumed"),
    SESSION_MOVED(Level.DEBUG, "A session moves to another connection, while the one before still looked alive"),
    SESSION_NOT_RESUMED(Level.DEBUG, "A client came too late to resume its session"),
    SESSION_ADOPTED(Level.DEBUG, "A session that another server had, or an earlier process, goes on here"),
    SESSION_LET_GO(Level.DEBUG, "A session goes on at another server, to which its client has gone"),
    SESSION_ABANDONED(
            Level.DEBUG,
            "A session that went on at another server has no record any more. It has ended there, or was lost with that server."
                    + " The backend is told of its end, in case it does not know"),
    SESSION_ENDED(Level.INFO, "A session has ended. Logged with `log.sessions`; at Debug without it"),
    // ---- the store

    STORE_DOWN(
            Level.WARN,
            "The store of sessions can't be reached or has failed. Connected clients notice nothing; for new ones see"
                    + " `store.when_away`. One line for each outage"),
    STORE_UP(Level.INFO, "The store of sessions is back, and all sessions are written again"),
    STORE_FAILED(
            Level.WARN,
            "The store of sessions is there, and did not do what it was asked to, or not within `store.timeout_ms`"),
    // ---- what operators did

    SESSION_KICKED(Level.INFO, "An operator ended a session"),
    BAN_GIVEN(Level.INFO, "An operator banned an address or a network"),
    BAN_LIFTED(Level.INFO, "An operator lifted a ban"),
    BANS_TAKEN_OVER(Level.INFO, "Bans that other servers of the fleet gave or lifted. At most one line in a second"),
    LOG_LEVEL_SET(Level.INFO, "An operator set the level of the log"),
    DRAIN_ASKED(Level.INFO, "An operator asked for a drain"),
    // ---- the server's life

    RELOADED(Level.INFO, "The configuration was read again, and these settings are in effect"),
    RELOAD_INCOMPLETE(Level.WARN, "The configuration was read again, and these settings wait for a restart"),
    RELOAD_FAILED(Level.WARN, "The configuration was not reloaded. Nothing has changed"),
    DRAINING(Level.INFO, "No client can open a session any more, and the sessions end"),
    STOPPING(Level.INFO, "All connections are being closed"),
    STOPPED(Level.INFO, "The server has stopped in order"),
    FAILED(Level.ERROR, "The process ends because it can't do its work"),
    PAUSED(Level.WARN, "The process, or a thread that serves clients, did not run for a second or more"),
    INTERNAL_ERROR(Level.ERROR, "A mistake in the server. Please report it"),
    LINES_DROPPED(Level.WARN, "Lines of the log were dropped, because standard error did not take them in time");

    private final Level level;
    private final String description;

    LogEvent(Level level, String description) {
        this.level = level;
        this.description = description;
    }

    /** The event's name in JSON, such as {@code master_lost}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The level that lines of this kind have. */
    public Level level() {
        return level;
    }

    /** The event's meaning, for the documentation. */
    public String description() {
        return description;
    }

    /** Begins a line at the event's level. It costs nothing where that level is not logged. */
    public LoggingEventBuilder on(Logger log) {
        return on(log, level);
    }

    /** Begins a line at another level, for events that are logged in more detail at a lower one. */
    public LoggingEventBuilder on(Logger log, Level atLevel) {
        return log.isEnabledForLevel(atLevel)
                ? log.atLevel(atLevel).addKeyValue(LogField.EVENT.key(), id())
                : log.atLevel(atLevel);
    }
}
