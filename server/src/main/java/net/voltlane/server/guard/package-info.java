/** Limits on strangers: who may connect, how often, how many. */
@NullMarked
package net.voltlane.server.guard;

import org.jspecify.annotations.NullMarked;
