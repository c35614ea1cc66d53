/** Tests of the liveness checks. */
@NullMarked
package net.voltlane.tcp;

import org.jspecify.annotations.NullMarked;
