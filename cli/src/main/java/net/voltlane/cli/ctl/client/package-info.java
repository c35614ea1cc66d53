/**
 * A client for the HTTP API of a server: finds the server and the token, asks, and tells in words what went wrong. Start at
 * {@link net.voltlane.cli.ctl.client.ApiClient}.
 */
@NullMarked
package net.voltlane.cli.ctl.client;

import org.jspecify.annotations.NullMarked;
