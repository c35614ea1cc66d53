/**
 * Tests of the source text of every module. Start at {@link net.voltlane.systemtest.sources.RatchetTest}.
 */
@NullMarked
package net.voltlane.systemtest.sources;

import org.jspecify.annotations.NullMarked;
