/**
 * The names that stand in the log for programs to read: events and fields. Start at {@link
 * net.voltlane.server.log.LogEvent}.
 */
@NullMarked
package net.voltlane.server.log;

import org.jspecify.annotations.NullMarked;
