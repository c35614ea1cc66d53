/**
 * The demo, in one process and over real sockets: an echo backend, the connection server, and clients that check every
 * message. Start at {@link net.voltlane.cli.demo.Demo}. All clients live on one thread, so nothing here has a
 * lock.
 */
@NullMarked
package net.voltlane.cli.demo;

import org.jspecify.annotations.NullMarked;
