/**
 * The last lines of the log, for operators who look at the server from elsewhere. Start at {@link
 * net.voltlane.admin.events.RecentEvents}.
 */
@NullMarked
package net.voltlane.admin.events;

import org.jspecify.annotations.NullMarked;
