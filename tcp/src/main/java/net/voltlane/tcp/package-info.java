/**
 * Liveness checks of TCP connections, for both SDKs: whether the peer is still alive, and whether a socket is its own
 * peer. Uses the JDK only, starts no threads and writes no logs. Internal to the SDKs.
 *
 * <p>Start reading at {@link net.voltlane.tcp.DeadPeerDetector}, which decides. {@link net.voltlane.tcp.KernelSockets}
 * reads the operating system's view, and {@link net.voltlane.tcp.Keepalive} takes care of idle connections.
 */
@NullMarked
package net.voltlane.tcp;

import org.jspecify.annotations.NullMarked;
