@NullMarked
package net.voltlane.protocol;

import org.jspecify.annotations.NullMarked;
