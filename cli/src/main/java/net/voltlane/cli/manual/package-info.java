/** Manual pages for {@code man}, made from the commands themselves; start at {@link net.voltlane.cli.manual.ManualPage}. */
@NullMarked
package net.voltlane.cli.manual;

import org.jspecify.annotations.NullMarked;
