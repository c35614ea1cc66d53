package net.voltlane.server.config;

/** The policies for a live client that does not read, once its queue is at its bound. */
public enum Overflow {
    /** Ends that session (Failure "Buffer overflow"); no other client is delayed. */
    FAIL,
    /** The firehose waits until that client reads, is lost, or ends; all other clients wait as well. */
    BLOCK
}
