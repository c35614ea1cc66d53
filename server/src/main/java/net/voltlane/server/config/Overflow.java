package net.voltlane.server.config;

/** What happens when a live client does not read and its queue is at its bound. */
public enum Overflow {
    /** That session ends (Failure "Buffer overflow"); nobody else is delayed. */
    FAIL,
    /** The firehose waits until that client reads, is lost, or ends; everybody waits with it. */
    BLOCK
}
