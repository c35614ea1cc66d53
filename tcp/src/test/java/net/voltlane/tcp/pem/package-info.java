/** Tests of {@link net.voltlane.tcp.pem}. */
@NullMarked
package net.voltlane.tcp.pem;

import org.jspecify.annotations.NullMarked;
