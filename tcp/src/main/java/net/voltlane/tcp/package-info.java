/**
 * What both SDKs need to know of their TCP connections: is the peer still there, and is it somebody else at all. JDK
 * only, no threads, no logging. Made for the SDKs; programs have no use for it.
 *
 * <p>Start reading at {@link net.voltlane.tcp.DeadPeerDetector}, which decides; {@link net.voltlane.tcp.KernelSockets} is what
 * it knows from the operating system, {@link net.voltlane.tcp.Keepalive} takes care of connections that are idle.
 */
@NullMarked
package net.voltlane.tcp;

import org.jspecify.annotations.NullMarked;
