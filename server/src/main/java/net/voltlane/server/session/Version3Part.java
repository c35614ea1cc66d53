package net.voltlane.server.session;

/** The part of a session that only version 3 of the client link has. Belongs to the session loop. */
final class Version3Part {
    /** Data packets of the client that the master has acknowledged; 0 where the master acknowledges nothing. */
    long acknowledgedUp;
    /** Data packets for the client that it has acknowledged, as far as its links have told. */
    long acknowledgedDown;
}
