package net.voltlane.server.uplink;

/**
 * The state of the uplink.
 *
 * <pre>
 *   NEW ──start──► DIALLING ──the master accepts───► GREETING ──it speaks this version───► UP
 *                  DIALLING ◄──the link is lost───── GREETING, UP
 *   DIALLING, GREETING ──the master is away for too long──► OVER
 *   DIALLING, GREETING, UP ──finish, and all is done──────► OVER, while the last links linger
 *   NEW, DIALLING, GREETING, UP ──close───────────────────► OVER
 * </pre>
 *
 * <p>With version 2 a link is UP as soon as it is there.
 */
enum UplinkState {
    NEW,
    DIALLING,
    GREETING,
    UP,
    OVER
}
