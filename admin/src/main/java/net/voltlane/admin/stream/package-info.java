/**
 * The stream of server-sent events: a sample of the figures each second, the status when it changes, and the lines of the
 * log. Start at {@link net.voltlane.admin.stream.LiveFeed}.
 */
@NullMarked
package net.voltlane.admin.stream;

import org.jspecify.annotations.NullMarked;
