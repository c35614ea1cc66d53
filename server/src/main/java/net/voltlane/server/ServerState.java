package net.voltlane.server;

/**
 * The states of a {@link VoltlaneServer}.
 *
 * <pre>
 *   STARTING ──► DIALLING ──master reached──► OPENING ──all listeners listen──► LISTENING
 *      │            │                            │                                  │
 *      │            │                            │      drain, and there are        │
 *      │            │                            │     sessions ┌───────────────────┤
 *      │            │                            │              ▼                   │
 *      │            │                            │          DRAINING                │
 *      │            │                            │              │ all but stale     │
 *      │            │                            │              │ sessions have     │
 *      │            │                            │              │ ended, or its     │
 *      │            │                            │              │ time is up, or    │
 *      │            │                            │              │ the master is     │
 *      │            │                            │              │ gone              │
 *      └────────────┴────────────────────────────┴──────────────┴───────────────────┤
 *                                                                     stop or drain │  a part fails
 *                                                                   ┌───────────────┴───────────┐
 *                                                                   ▼                           ▼
 *                                                               STOPPING ──a loop dies──────► FAILED
 *                                                                   │
 *                                              all is told, or time is up, or the master is gone
 *                                                                   ▼
 *                                                                STOPPED
 * </pre>
 */
public enum ServerState {
    /** The ports are reserved, and the loops run. */
    STARTING,
    /** The master has not been reached so far. */
    DIALLING,
    /** The listening sockets are being bound. */
    OPENING,
    /** Clients are accepted, whether there is a link to the master or not. */
    LISTENING,
    /** New clients are refused. Clients can resume their sessions, and the sessions end one after the other. */
    DRAINING,
    /** No client is accepted. Packets that were taken from clients and from the master are delivered. */
    STOPPING,
    /** Everything is closed, after an orderly stop. */
    STOPPED,
    /** Everything is closed, for a reason that {@link VoltlaneServer#ended} tells. */
    FAILED;

    /** True from the beginning of a drain, a stop or a failure on. */
    public boolean isEnding() {
        return this == DRAINING || this == STOPPING || isClosed();
    }

    /** True once everything is closed. */
    public boolean isClosed() {
        return this == STOPPED || this == FAILED;
    }
}
