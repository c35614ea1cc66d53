/**
 * Health checks: does the server live, and is it ready for clients? Start at {@link net.voltlane.admin.health.Health}.
 */
@NullMarked
package net.voltlane.admin.health;

import org.jspecify.annotations.NullMarked;
