@NullMarked
package net.voltlane.testkit;

import org.jspecify.annotations.NullMarked;
