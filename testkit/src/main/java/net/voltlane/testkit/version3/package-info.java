/**
 * Peers of version 3 for tests: a client and a backend that number, acknowledge, keep and send again. They have their
 * own implementation of the protocol, know no sockets and no time, and fail on everything that a server must not do.
 */
@NullMarked
package net.voltlane.testkit.version3;

import org.jspecify.annotations.NullMarked;
