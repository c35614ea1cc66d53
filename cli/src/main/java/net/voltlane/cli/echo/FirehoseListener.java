package net.voltlane.cli.echo;

import java.net.SocketAddress;

/** What happens on firehoses beside data. Called on the firehose's thread: whatever it does, that firehose waits for it. */
public interface FirehoseListener {

    /** A connection server has connected. */
    default void opened(SocketAddress peer) {}

    /** The link is gone. The reason is for people. */
    default void closed(SocketAddress peer, String reason) {}

    /** A session has been resumed. */
    default void resumed(long id) {}

    /** A session has ended. The reason is one of the protocol's texts, or a newer one. */
    default void ended(long id, String reason) {}
}
