/**
 * Resolution of host names that never blocks a loop. Start at {@link net.voltlane.server.names.NameLookup};
 * {@link net.voltlane.server.names.SystemNames} resolves names as this machine is configured to.
 */
@NullMarked
package net.voltlane.server.names;

import org.jspecify.annotations.NullMarked;
