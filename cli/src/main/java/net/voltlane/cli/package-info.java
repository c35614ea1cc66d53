@NullMarked
package net.voltlane.cli;

import org.jspecify.annotations.NullMarked;
