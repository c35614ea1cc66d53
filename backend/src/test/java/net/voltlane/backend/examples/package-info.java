/**
 * What stands in {@code docs/BACKEND.md}, line by line, and a test that runs it. It sees of the SDK what every user
 * sees.
 */
@NullMarked
package net.voltlane.backend.examples;

import org.jspecify.annotations.NullMarked;
