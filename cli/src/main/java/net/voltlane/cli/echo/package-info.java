/**
 * A backend that sends every client's data back to it, on plain JDK sockets: for trying the server out, and as a small
 * example of the backend's side of the protocol. Start at {@link net.voltlane.cli.echo.EchoBackend}.
 */
@NullMarked
package net.voltlane.cli.echo;

import org.jspecify.annotations.NullMarked;
