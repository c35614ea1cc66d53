/**
 * TLS for listeners: certificates and their renewal, the keys of session tickets, and the codec between a socket and its
 * frames.
 *
 * <p>Start reading at {@link net.voltlane.server.tls.ServerTls}, which has what all connections share, and {@link
 * net.voltlane.server.tls.TlsCodec}, which has one of them.
 */
@NullMarked
package net.voltlane.server.tls;

import org.jspecify.annotations.NullMarked;
