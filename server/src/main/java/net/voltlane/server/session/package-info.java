/**
 * The heart: a session's life from open to end, and two ports through which it meets the sockets. No channels, no
 * locks, no clock of its own: everything here belongs to one loop, the session loop. Start at
 * {@link net.voltlane.server.session.Sessions}.
 */
@NullMarked
package net.voltlane.server.session;

import org.jspecify.annotations.NullMarked;
