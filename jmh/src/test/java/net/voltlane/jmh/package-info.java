@NullMarked
package net.voltlane.jmh;

import org.jspecify.annotations.NullMarked;
