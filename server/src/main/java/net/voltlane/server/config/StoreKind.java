package net.voltlane.server.config;

/** The place in which the records of sessions are kept. */
public enum StoreKind {
    /** The process itself: no session outlives it. */
    MEMORY,
    /** A file, for one server that is restarted. */
    FILE,
    /** Redis or Valkey, for several servers. */
    REDIS
}
