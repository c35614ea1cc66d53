/**
 * Host names into addresses, without ever blocking a loop. Start at {@link net.voltlane.server.names.NameLookup}; the
 * machine's own way of looking a name up is {@link net.voltlane.server.names.SystemNames}.
 */
@NullMarked
package net.voltlane.server.names;

import org.jspecify.annotations.NullMarked;
