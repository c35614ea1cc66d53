/**
 * The admin server as a whole: its port, its token and its routes. Start at {@link
 * net.voltlane.admin.server.AdminServer}.
 */
@NullMarked
package net.voltlane.admin.server;

import org.jspecify.annotations.NullMarked;
