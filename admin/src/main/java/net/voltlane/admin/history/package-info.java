/**
 * The past of a server's figures, kept in memory so that a dashboard that was just opened shows it. Start at {@link
 * net.voltlane.admin.history.History}; {@link net.voltlane.admin.history.Series} lists the figures.
 */
@NullMarked
package net.voltlane.admin.history;

import org.jspecify.annotations.NullMarked;
