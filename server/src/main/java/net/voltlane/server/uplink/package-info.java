/**
 * The link to the master: dialled again whenever it is lost, with a queue that outlives it. Start at {@link
 * net.voltlane.server.uplink.MasterUplink}.
 */
@NullMarked
package net.voltlane.server.uplink;

import org.jspecify.annotations.NullMarked;
