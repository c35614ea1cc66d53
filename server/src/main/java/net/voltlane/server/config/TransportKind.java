package net.voltlane.server.config;

/** The ways to read and write sockets. */
public enum TransportKind {
    /** The best that works here without asking: epoll where its native library loads, else NIO. */
    AUTO,
    /** Linux's epoll; an error at start where it is not to be had. */
    EPOLL,
    /** The JDK's own selectors: works everywhere. */
    NIO,
    /**
     * Linux's io_uring; by choice only, as container profiles often block it. An error at start where it is not to be
     * had.
     */
    IO_URING
}
