/** The connection server as a library. Start at {@link net.voltlane.server.VoltlaneServer}. */
@NullMarked
package net.voltlane.server;

import org.jspecify.annotations.NullMarked;
