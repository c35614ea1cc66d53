@NullMarked
package net.voltlane.proof;

import org.jspecify.annotations.NullMarked;
