package net.voltlane.server.link;

/** The other side of a transport's codec on one connection, for clients of tests. */
public interface WireForm {
    /** The bytes on the wire for whole frames. */
    byte[] seals(byte[] frames);

    /** The frames that have come whole by now; anything that the codec must not send is an error. */
    byte[] opens(byte[] came);
}
