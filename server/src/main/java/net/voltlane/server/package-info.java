@NullMarked
package net.voltlane.server;

import org.jspecify.annotations.NullMarked;
