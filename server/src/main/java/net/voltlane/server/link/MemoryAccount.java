package net.voltlane.server.link;

/** Where what is held for a peer is charged to. */
public interface MemoryAccount {
    /** Charges {@code bytes} more, or fewer where negative. */
    void charge(long bytes);
}
