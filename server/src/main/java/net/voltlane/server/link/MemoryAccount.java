package net.voltlane.server.link;

/** An account that the memory held for a peer is charged to. */
public interface MemoryAccount {
    /** Charges {@code bytes} more, or fewer if negative. */
    void charge(long bytes);
}
