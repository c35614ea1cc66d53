/**
 * The dashboard: a page of plain ES modules, which lies in this package's resources. Start at {@link
 * net.voltlane.admin.dashboard.Assets}, and in the page at {@code main.js}.
 */
@NullMarked
package net.voltlane.admin.dashboard;

import org.jspecify.annotations.NullMarked;
