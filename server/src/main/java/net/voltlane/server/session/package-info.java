/**
 * Sessions: their life from open to end, and the ports through which they meet the rest of the server. A session talks to
 * a client link through {@link net.voltlane.server.session.ClientPort}, and to the master through
 * {@link net.voltlane.server.session.MasterPort}. There are no channels, locks or clocks here, and everything belongs to
 * one loop, the session loop. Start at {@link net.voltlane.server.session.Sessions} for what comes in, at
 * {@code Session.State} for the drawing of a session's life, and at {@code SessionLife} for its rules.
 */
@NullMarked
package net.voltlane.server.session;

import org.jspecify.annotations.NullMarked;
