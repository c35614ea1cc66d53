/**
 * A relay that ends links at an exact byte, for tests of what is lost and what comes twice. Start reading at {@link
 * net.voltlane.testkit.cuts.CutRelay}.
 */
@NullMarked
package net.voltlane.testkit.cuts;

import org.jspecify.annotations.NullMarked;
