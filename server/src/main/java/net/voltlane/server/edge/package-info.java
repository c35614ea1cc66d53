/**
 * Client sockets, from accept to close. A channel's pipeline has one handler at a time: behind a proxy
 * {@link net.voltlane.server.edge.ProxyHeaderHandler}, {@link net.voltlane.server.edge.HandshakeHandler}, then
 * {@link net.voltlane.server.edge.ClientLink}, at the end {@link net.voltlane.server.link.LingeringClose}. Start at
 * {@link net.voltlane.server.edge.ClientEdge}.
 *
 * <p>The first frame of a connection names its protocol version. A version is a
 * {@link net.voltlane.server.edge.ClientHandshake}, then a {@link net.voltlane.server.edge.LinkProtocol}.
 */
@NullMarked
package net.voltlane.server.edge;

import org.jspecify.annotations.NullMarked;
