/**
 * The examples of {@code docs/BACKEND.md}, line by line, and a test that runs them. They use only the public API of the
 * SDK.
 */
@NullMarked
package net.voltlane.backend.examples;

import org.jspecify.annotations.NullMarked;
