/** Tests of what is known of a peer. */
@NullMarked
package net.voltlane.tcp;

import org.jspecify.annotations.NullMarked;
